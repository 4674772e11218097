import type { BackupDefinition } from './model.ts';
import { camelCase, isTiming, propertyOf, toValue, type Value } from './names.ts';
import { definitionSchema } from './schema/definition-schema.ts';
import { elementsIn, type ComplexType, type ElementDeclaration, type SimpleType } from './schema/types.ts';
import { objection } from './schema/values.ts';
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
			const child = elementsOf(element).filter((one) => one.local === local)[index];
			if (child !== undefined) {
				const simple = child.openEnd < child.closeStart && elementsOf(child).length === 0;
				return simple ? { start: child.openEnd, end: child.closeStart } : child.nameSpan;
			}
		}
		return element.nameSpan;
	}
}

type Plain = Record<string, unknown>;

/**
 * Reads the model out of a document, as far as it goes: what is missing or wrong has its default, or an empty value.
 * Whether the document is valid is for `validateDefinition` to say.
 */
export function readDefinition(document: XmlDocument): ReadDefinition {
	const { root } = definitionSchema();
	const element = document.root?.local === root.name ? document.root : undefined;
	const origins = new Origins(document.root);
	const reader = new Reader(document.text, origins);
	const definition = reader.complex(element, root.type as ComplexType);
	return { definition: definition as unknown as BackupDefinition, origins };
}

class Reader {
	readonly #text: string;
	readonly #origins: Origins;

	constructor(text: string, origins: Origins) {
		this.#text = text;
		this.#origins = origins;
	}

	complex(element: XmlElement | undefined, type: ComplexType): Plain {
		const result: Plain = {};
		if (element !== undefined) this.#origins.set(result, element);
		for (const { name, type: simple, defaultValue, required } of type.attributes) {
			const text = element === undefined ? undefined : attributeOf(element, name)?.value;
			result[camelCase(name)] = simpleValue(simple, text, defaultValue, required);
		}
		const children = element === undefined ? [] : elementsOf(element);
		if (isTiming(type)) {
			result['timing'] = this.#timing(children, type);
			return result;
		}
		const repeats = type.content?.max === Infinity;
		for (const particle of elementsIn(type.content)) {
			const found = children.filter((child) => child.local === particle.element.name);
			const repeated = repeats || particle.max > 1;
			const inChoice = type.content!.particles.some((one) => one.kind === 'choice' && one.particles.includes(particle));
			result[propertyOf(particle, repeated)] = repeated
				? found.map((child) => this.#element(child, particle.element, true))
				: this.#element(found[0], particle.element, particle.min > 0 && !inChoice);
		}
		return result;
	}

	#timing(children: readonly XmlElement[], type: ComplexType): Plain {
		const particles = elementsIn(type.content);
		for (const child of children) {
			const particle = particles.find(({ element }) => element.name === child.local);
			if (particle === undefined) continue;
			const timing = { kind: child.local, ...this.complex(child, particle.element.type as ComplexType) };
			this.#origins.set(timing, child);
			return timing;
		}
		return { kind: 'event', trigger: 'startup' };
	}

	#element(element: XmlElement | undefined, declaration: ElementDeclaration, required: boolean): unknown {
		const { type, defaultValue } = declaration;
		if (type.kind === 'complex') {
			if (element === undefined && !required && needsContent(type)) return undefined;
			return this.complex(element, type);
		}
		const text = element === undefined ? undefined : textOf(element, this.#text);
		return simpleValue(type, text === '' ? undefined : text, defaultValue, required);
	}
}

/** A part that is left out stands for one with all defaults, unless it has something that has none. */
export function needsContent(type: ComplexType): boolean {
	if (type.attributes.some(({ required }) => required)) return true;
	return type.content?.kind === 'choice' && type.content.max === 1;
}

/** Stand-ins for required values that are missing or wrong, so that whoever uses the model need not check them. */
const standIns: Readonly<Record<string, Value>> = {
	time: '00:00',
	date: '1970-01-01',
	weekdays: ['monday'],
	day_of_month: 1,
	disk_signature: '00000000',
};

function simpleValue(
	type: SimpleType,
	text: string | undefined,
	byDefault: string | undefined,
	required: boolean,
): Value | undefined {
	const valid = text !== undefined && objection(type, text, '') === undefined;
	const value = valid ? toValue(type, text) : undefined;
	if (value !== undefined) return value;
	if (byDefault !== undefined) return toValue(type, byDefault);
	if (!required) return undefined;
	const standIn = standIns[type.name] ?? type.enumeration[0]?.value;
	if (standIn !== undefined) return standIn;
	return type.primitive === 'integer' ? (type.min ?? 0) : '';
}
