import type { BackupDefinition } from './model.ts';
import { readDefinition } from './read.ts';
import { definitionSchema } from './schema/definition-schema.ts';
import { parseXml } from './xml/parse.ts';

/** A definition in which everything has its default: no name, no sources, no destination. */
export function defaultDefinition(): BackupDefinition {
	const { root, namespace } = definitionSchema();
	return readDefinition(parseXml(`<${root.name} xmlns="${namespace}"/>`)).definition;
}
