/** Puts the text of schema/backup-definition.xsd into a module, so that bundles without a file system have it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
export const generatedFile = join(root, 'src/definition/schema/xsd.ts');

export function generatedModule(): string {
	const xsd = readFileSync(join(root, 'schema/backup-definition.xsd'), 'utf8');
	if (/`|\$\{/.test(xsd)) throw new Error('The schema may hold neither ` nor ${');
	return [
		'// Made by scripts/generate-schema.ts from schema/backup-definition.xsd; a test holds it to be fresh.',
		'',
		'/** Text of the XML Schema of backup definitions. */',
		`export const definitionXsd = String.raw\`${xsd}\`;`,
		'',
	].join('\n');
}

if (import.meta.main) writeFileSync(generatedFile, generatedModule());
