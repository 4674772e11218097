import { needsContent } from './model-reader.ts';
import type { BackupDefinition } from './model.ts';
import { camelCase, isTiming, propertyOf, sameMeaning, toText, type Value } from './names.ts';
import { definitionSchema } from './schema/definition-schema.ts';
import { elementsIn, type ComplexType, type ElementDeclaration } from './schema/types.ts';
import type { PlainElement } from './xml/write.ts';

type Plain = Readonly<Record<string, unknown>>;

/** The elements that say what the model says, in the schema's order; what equals its default is left out. */
export function definitionTree(definition: BackupDefinition): PlainElement {
	const { root, namespace } = definitionSchema();
	const tree = complexTree(root.name, definition as unknown as Plain, root.type as ComplexType);
	return { ...tree, attributes: [['xmlns', namespace], ...tree.attributes] };
}

function complexTree(name: string, part: Plain, type: ComplexType): PlainElement {
	const attributes: [string, string][] = [];
	for (const { name: attribute, type: simple, defaultValue } of type.attributes) {
		const value = part[camelCase(attribute)] as Value | undefined;
		if (value === undefined) continue;
		const text = toText(simple, value);
		if (defaultValue === undefined || !sameMeaning(simple, text, defaultValue)) attributes.push([attribute, text]);
	}
	return { name, attributes, children: childTrees(part, type), text: undefined };
}

function childTrees(part: Plain, type: ComplexType): PlainElement[] {
	const particles = elementsIn(type.content);
	if (isTiming(type)) {
		const timing = part['timing'] as Plain;
		const { element } = particles.find((particle) => particle.element.name === timing['kind'])!;
		return [complexTree(element.name, timing, element.type as ComplexType)];
	}
	const repeats = type.content?.max === Infinity;
	return particles.flatMap((particle) => {
		const repeated = repeats || particle.max > 1;
		const value = part[propertyOf(particle, repeated)];
		if (repeated) return (value as readonly unknown[]).map((one) => elementTree(particle.element, one));
		if (value === undefined) return [];
		const tree = elementTree(particle.element, value);
		return particle.min === 0 && saysNothing(tree, particle.element) ? [] : [tree];
	});
}

function elementTree(declaration: ElementDeclaration, value: unknown): PlainElement {
	const { name, type } = declaration;
	if (type.kind === 'complex') return complexTree(name, value as Plain, type);
	return { name, attributes: [], children: [], text: toText(type, value as Value) };
}

function saysNothing(tree: PlainElement, { type, defaultValue }: ElementDeclaration): boolean {
	if (type.kind === 'simple') return defaultValue !== undefined && sameMeaning(type, tree.text!, defaultValue);
	return !needsContent(type) && tree.attributes.length === 0 && tree.children.length === 0;
}
