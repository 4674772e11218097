import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { translator, type TextBundle } from '../../base/l10n.ts';
import { translatedXsd } from '../../definition/schema/translated-xsd.ts';

/**
 * Writes our schema in another language, with a catalog that leads to it.
 * @param folder where they may lie
 * @param catalog path of the catalog for the schema beside it
 * @returns path of the catalog that was written
 */
export async function writeTranslatedSchema(bundle: TextBundle, folder: string, catalog: string): Promise<string> {
	await mkdir(folder, { recursive: true });
	await write(join(folder, 'backup-definition.xsd'), translatedXsd(translator(bundle)));
	const path = join(folder, 'catalog.xml');
	await write(path, await readFile(catalog, 'utf8'));
	return path;
}

/** Leaves alone what is there already: who reads it would read it anew. */
async function write(path: string, text: string): Promise<void> {
	const old = await readFile(path, 'utf8').catch(() => undefined);
	if (old !== text) await writeFile(path, text);
}
