import { ModelReader } from './model-reader.ts';
import type { BackupDefinition } from './model.ts';
import { definitionSchema } from './schema/definition-schema.ts';
import type { ComplexType } from './schema/types.ts';
import { textOf } from './xml/characters.ts';
import { attributeOf, elementsOf, type Span, type XmlDocument, type XmlElement } from './xml/tree.ts';

/** A definition with the places in the document that its parts come from. */
export interface ReadDefinition {
	readonly definition: BackupDefinition;
	readonly origins: Origins;
}

/** Name in the schema of an attribute or a child, or the name of repeated children and the index of one. */
export type PartName = string | readonly [name: string, index: number];

/** Where objects of the model stand in the document. */
export class Origins {
	readonly #elements = new WeakMap<object, XmlElement>();
	readonly #named = new WeakMap<XmlElement, ReadonlyMap<string, readonly XmlElement[]>>();
	readonly #root: XmlElement | undefined;

	constructor(root: XmlElement | undefined) {
		this.#root = root;
	}

	set(part: object, element: XmlElement): void {
		this.#elements.set(part, element);
	}

	/** The element that an object of the model was read from; undefined when the document left it out. */
	elementOf(part: object): XmlElement | undefined {
		return this.#elements.get(part);
	}

	/**
	 * Where to point for an object, or for one of its properties by the name in the schema: the value of the attribute,
	 * the content of the child, else the name of the element, or of the root.
	 */
	span(part: object, name?: PartName): Span {
		const element = this.#elements.get(part) ?? this.#root;
		if (element === undefined) return { start: 0, end: 0 };
		if (name !== undefined) {
			const [local, index] = typeof name === 'string' ? [name, 0] : name;
			const attribute = attributeOf(element, local);
			if (attribute !== undefined) return attribute.valueSpan ?? attribute;
			const child = this.#children(element).get(local)?.[index];
			if (child !== undefined) {
				const simple = child.openEnd < child.closeStart && elementsOf(child).length === 0;
				return simple ? { start: child.openEnd, end: child.closeStart } : child.nameSpan;
			}
		}
		return element.nameSpan;
	}

	/** The children by their names, kept for the next of many findings in one element. */
	#children(element: XmlElement): ReadonlyMap<string, readonly XmlElement[]> {
		const known = this.#named.get(element);
		if (known !== undefined) return known;
		const named = new Map<string, XmlElement[]>();
		for (const child of elementsOf(element)) {
			const same = named.get(child.local);
			if (same === undefined) named.set(child.local, [child]);
			else same.push(child);
		}
		this.#named.set(element, named);
		return named;
	}
}

/**
 * Reads the model out of a document with the places of its parts, as far as it goes: what is missing or wrong has its
 * default, or an empty value. Whether the document is valid is for `validateDefinition` to say; where nobody asks for
 * places, `readModel` reads it.
 */
export function readDefinition(document: XmlDocument): ReadDefinition {
	const { root } = definitionSchema();
	const { text } = document;
	const element = document.root?.local === root.name ? document.root : undefined;
	const origins = new Origins(document.root);
	const access = {
		local: ({ local }: XmlElement) => local,
		attribute: (one: XmlElement, name: string) => attributeOf(one, name)?.value,
		children: elementsOf,
		text: (one: XmlElement) => textOf(one, text),
	};
	const reader = new ModelReader<XmlElement>(access, (part, from) => origins.set(part, from));
	const definition = reader.complex(element, root.type as ComplexType);
	return { definition: definition as unknown as BackupDefinition, origins };
}
