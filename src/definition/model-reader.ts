import { camelCase, isTiming, propertyOf, toValue, type Value } from './names.ts';
import { elementsIn, type ComplexType, type ElementDeclaration, type SimpleType } from './schema/types.ts';
import { objection } from './schema/values.ts';

/** How the elements of a document are looked into, whichever parser they come from. */
export interface ElementAccess<E> {
	/** Name without its prefix. */
	readonly local: (element: E) => string;
	/** Value of an attribute by its name as written, references resolved; undefined where there is none. */
	readonly attribute: (element: E, name: string) => string | undefined;
	readonly children: (element: E) => readonly E[];
	/** Character data of the element itself, references resolved and line ends as `\n`. */
	readonly text: (element: E) => string;
}

type Plain = Record<string, unknown>;

/**
 * Makes the model out of elements, as far as they go: what is missing or wrong has its default, or an empty value.
 * @param onPart told which element each object of the model is read from
 */
export class ModelReader<E> {
	readonly #access: ElementAccess<E>;
	readonly #onPart: (part: object, element: E) => void;

	constructor(access: ElementAccess<E>, onPart: (part: object, element: E) => void) {
		this.#access = access;
		this.#onPart = onPart;
	}

	complex(element: E | undefined, type: ComplexType): Plain {
		const result: Plain = {};
		if (element !== undefined) this.#onPart(result, element);
		for (const { name, type: simple, defaultValue, required } of type.attributes) {
			const text = element === undefined ? undefined : this.#access.attribute(element, name);
			result[camelCase(name)] = simpleValue(simple, text, defaultValue, required);
		}
		const children = element === undefined ? [] : this.#access.children(element);
		if (isTiming(type)) {
			result['timing'] = this.#timing(children, type);
			return result;
		}
		const repeats = type.content?.max === Infinity;
		for (const particle of elementsIn(type.content)) {
			const found = children.filter((child) => this.#access.local(child) === particle.element.name);
			const repeated = repeats || particle.max > 1;
			const inChoice = type.content!.particles.some((one) => one.kind === 'choice' && one.particles.includes(particle));
			result[propertyOf(particle, repeated)] = repeated
				? found.map((child) => this.#element(child, particle.element, true))
				: this.#element(found[0], particle.element, particle.min > 0 && !inChoice);
		}
		return result;
	}

	#timing(children: readonly E[], type: ComplexType): Plain {
		const particles = elementsIn(type.content);
		for (const child of children) {
			const kind = this.#access.local(child);
			const particle = particles.find(({ element }) => element.name === kind);
			if (particle === undefined) continue;
			const timing = { kind, ...this.complex(child, particle.element.type as ComplexType) };
			this.#onPart(timing, child);
			return timing;
		}
		return { kind: 'event', trigger: 'startup' };
	}

	#element(element: E | undefined, declaration: ElementDeclaration, required: boolean): unknown {
		const { type, defaultValue } = declaration;
		if (type.kind === 'complex') {
			if (element === undefined && !required && needsContent(type)) return undefined;
			return this.complex(element, type);
		}
		const text = element === undefined ? undefined : this.#access.text(element);
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
