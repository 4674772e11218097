import { loadSchema } from './load.ts';
import type { Schema } from './types.ts';
import { definitionXsd } from './xsd.ts';

let loaded: Schema | undefined;

/** The schema of backup definitions, read from its XSD once. */
export function definitionSchema(): Schema {
	loaded ??= loadSchema(definitionXsd);
	return loaded;
}
