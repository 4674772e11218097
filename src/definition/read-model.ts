import { ModelReader } from './model-reader.ts';
import type { BackupDefinition } from './model.ts';
import { definitionSchema } from './schema/definition-schema.ts';
import type { ComplexType } from './schema/types.ts';
import type { XmlDocument } from './xml/tree.ts';
import { readValues, type ValueElement } from './xml/values.ts';

const access = {
	local: ({ local }: ValueElement) => local,
	attribute: ({ attributes }: ValueElement, name: string) => attributes.get(name),
	children: ({ children }: ValueElement) => children,
	text: ({ text }: ValueElement) => text,
};

/**
 * The model alone, for whoever runs or shows a definition and points at nothing in its text. It is equal to what
 * `readDefinition` reads.
 * @throws Error when the document is not well-formed
 */
export function readModel(document: XmlDocument): BackupDefinition {
	const { root } = definitionSchema();
	const element = readValues(document);
	const reader = new ModelReader<ValueElement>(access, () => {});
	const definition = reader.complex(element.local === root.name ? element : undefined, root.type as ComplexType);
	return definition as unknown as BackupDefinition;
}
