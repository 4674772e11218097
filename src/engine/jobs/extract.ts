import { existsSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { counted, formatBytes } from '../../base/quantity.ts';
import { findNode, type FoundNode } from '../browse/find-node.ts';
import { byName, FolderCache } from '../browse/folder-cache.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import { openPartition, type OpenedPartition } from '../browse/open-partition.ts';
import { nameRules, type NameRules } from '../extract/target-names.ts';
import { survey } from '../extract/survey.ts';
import { openTarget } from '../extract/target-folder.ts';
import { entriesOf, type Entry } from '../extract/walk-entries.ts';
import { Extraction } from '../extract/extraction.ts';
import { FactSetter } from '../extract/fact-setter.ts';
import { logWarning, type JobContext } from '../job-context.ts';
import { expectFolder } from '../ports/expect-path.ts';
import { Progress } from '../progress.ts';
import type { ExtractRequest, ExtractResult } from '../requests/files.ts';

/**
 * Copies files and folders of a backup into a folder. What cannot be read is left out and listed; the rest is there. Nothing
 * is written outside of the folder, and nothing at all when files are there that are not to be replaced.
 */
export async function runExtract(request: ExtractRequest, context: JobContext): Promise<ExtractResult> {
	const { clock, volumes } = context.ports;
	const started = clock.passed();
	const folder = resolve(request.folder);
	if (existsSync(folder)) expectFolder(folder, 'destination-missing');
	const partition = await opened(request, context);
	const progress = new Progress(clock, context.emit);
	try {
		await partition.files.hold();
		for (const warning of partition.warnings) logWarning(context, warning);
		const place = await volumes.placeOf(existingPart(folder));
		const rules = nameRules(place.fileSystem);
		const entries = await chosenEntries(request.paths, partition, rules, context.signal);
		const found = await survey(
			entries,
			existsSync(folder) ? realpathSync(folder) : folder,
			request.overwrite,
			rules,
			context.signal,
		);
		if (place.free !== undefined && found.room > place.free) {
			logWarning(
				context,
				`${counted(found.files, 'file')} with ${formatBytes(found.room)} may not fit: ${formatBytes(place.free)} are free at ${folder}`,
			);
		}
		progress.start('extract', found.bytes);
		const setter = factSetter(request, context);
		const target = await openTarget(folder, setter);
		try {
			const extraction = new Extraction(request.overwrite, setter, progress, context);
			await extraction.run(entries, target, rules);
			progress.stop();
			return { folder, ...extraction.result(), seconds: (clock.passed() - started) / 1000 };
		} finally {
			await target.close();
		}
	} catch (error) {
		throw asImageDamage(error);
	} finally {
		progress.stop();
		await partition.close();
	}
}

function factSetter({ owners = true }: ExtractRequest, { ports }: JobContext): FactSetter {
	const isRoot = process.getuid?.() === 0;
	const { attributes } = ports;
	return new FactSetter({ owners: owners && isRoot && process.platform === 'linux', attributes, isRoot });
}

async function opened(request: ExtractRequest, context: JobContext): Promise<OpenedPartition> {
	if (request.paths.length === 0) throw new AfterimageError('invalid-argument', 'No path in the backup was named');
	try {
		return await openPartition(request, request.password, context);
	} catch (error) {
		throw asImageDamage(error);
	}
}

/** The folder itself, or the folder that is there in which it will be made. */
function existingPart(folder: string): string {
	let path = folder;
	while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
	return path;
}

/** What was asked for, each thing once; the root stands for all that lies in it. */
async function chosenEntries(
	paths: readonly string[],
	{ tree }: OpenedPartition,
	rules: NameRules,
	signal: AbortSignal,
): Promise<Entry[]> {
	const folders = new FolderCache();
	const chosen = new Map<string, FoundNode>();
	for (const path of paths) {
		const found = await findNode(tree, path, folders, signal);
		if (found.path !== '') chosen.set(found.path, found);
		else for (const node of byName(await tree.root.list(signal))) chosen.set(node.name, { path: node.name, node });
	}
	return entriesOf(
		[...chosen.values()].map(({ path, node }) => [path, node] as const),
		rules,
	);
}
