import type { BackupDefinition } from '../../definition/model.ts';
import type { OpenPath } from '../../protocol/rights.ts';
import type { FileRights } from './file-rights.ts';

/** What of a definition, its scripts and the folders above them others may write; each path once. */
export async function openPathsOf(
	rights: FileRights,
	path: string,
	definition: BackupDefinition | undefined,
): Promise<readonly OpenPath[]> {
	const files = [path, ...(definition === undefined ? [] : scriptsOf(definition))];
	const found = await Promise.all(files.map((file) => openPathsOrNone(rights, file)));
	return [...new Map(found.flat().map((one) => [one.path, one])).values()];
}

/** Scripts of a definition that others may write or replace. */
export async function openScripts(rights: FileRights, definition: BackupDefinition): Promise<readonly string[]> {
	const scripts = scriptsOf(definition);
	const found = await Promise.all(scripts.map((script) => openPathsOrNone(rights, script)));
	return scripts.filter((_, index) => found[index]!.length > 0);
}

function scriptsOf({ scripts }: BackupDefinition): readonly string[] {
	return [...scripts.before, ...scripts.after].map(({ path }) => path);
}

/** A file that is missing or hidden is for the run to complain about. */
async function openPathsOrNone(rights: FileRights, path: string): Promise<readonly OpenPath[]> {
	try {
		return await rights.openPaths(path);
	} catch {
		return [];
	}
}
