import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionText } from '../../support/definition-text.ts';
import type { Stage } from './stage.ts';

export interface DefinitionParts {
	readonly name: string;
	/** Path of the raw disk file that is imaged. */
	readonly disk: string;
	/** The stage's backup folder when absent. */
	readonly folder?: string;
	/** Elements behind the destination. */
	readonly more?: string;
}

/** Writes a definition into the definitions folder of a stage, so that nobody else may write it; gives its path. */
export function makeDefinition(
	stage: Stage,
	{ name, disk, folder = stage.backups, more = '' }: DefinitionParts,
): string {
	mkdirSync(stage.definitions, { recursive: true, mode: 0o700 });
	const path = join(stage.definitions, `${name}.xml`);
	const text = definitionText({ name, sources: `<raw_file path="${disk}"/>`, folder, more });
	writeFileSync(path, text, { mode: 0o600 });
	return path;
}
