import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { visible } from '../../base/visible.ts';
import { toErrorRecord } from '../../base/errors.ts';
import type { BackupDefinition } from '../../definition/model.ts';
import { readModel } from '../../definition/read-model.ts';
import { parseXml } from '../../definition/xml/parse.ts';
import { t } from '../l10n.ts';
import { checkText } from './check-definition.ts';

/** A definition on disk, as far as it can be read. */
export interface DefinitionFile {
	readonly path: string;
	/** Its own name, or the file's where it has none, fit to be shown. */
	readonly name: string;
	/** In a workspace folder, or in the definitions folder. */
	readonly origin: 'workspace' | 'folder';
	/** What could be read; undefined when the file is no XML or cannot be read. */
	readonly definition: BackupDefinition | undefined;
	/** Why it does not run: there is no definition, or it is not valid. */
	readonly problem: string | undefined;
}

/** Longest definition that is read, in bytes. */
const maxBytes = 8_000_000;

export async function readDefinitionFile(path: string, origin: DefinitionFile['origin']): Promise<DefinitionFile> {
	const fallback = visible(basename(path).replace(/\.xml$/i, ''));
	try {
		const bytes = await readFile(path);
		if (bytes.length > maxBytes) throw new Error(`${bytes.length} bytes; a definition has at most ${maxBytes}`);
		const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
		const document = parseXml(text);
		const broken = document.problems[0]?.wording(t);
		if (document.root === undefined || broken !== undefined) {
			return {
				path,
				origin,
				name: fallback,
				definition: undefined,
				problem: broken ?? t('The file has no root element'),
			};
		}
		const definition = readModel(document);
		const error = checkText(text, { definitionPath: path }).find(({ severity }) => severity === 'error');
		return { path, origin, name: visible(definition.name) || fallback, definition, problem: error?.wording(t) };
	} catch (error) {
		return { path, origin, name: fallback, definition: undefined, problem: toErrorRecord(error).message };
	}
}
