import { parseSize } from '../base/quantity.ts';
import type { ComplexType, ElementParticle, SimpleType } from './schema/types.ts';
import { normalize } from './schema/values.ts';

/** How names and values of the schema appear in the model. */

const plurals: Readonly<Record<string, string>> = {
	disk: 'disks',
	raw_file: 'rawFiles',
	partition: 'partitions',
	folder: 'folders',
	schedule: 'schedules',
	argument: 'arguments',
};

/** `full_retention` → `fullRetention`. */
export function camelCase(name: string): string {
	let camel = camelCased.get(name);
	if (camel === undefined) {
		camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
		camelCased.set(name, camel);
	}
	return camel;
}

/** Names of the schema alone, so there is an end to it. */
const camelCased = new Map<string, string>();

/** Name of the property that holds a child; repeated ones are in an array with a plural name. */
export function propertyOf(particle: ElementParticle, repeated: boolean): string {
	const { name } = particle.element;
	return repeated ? (plurals[name] ?? camelCase(name)) : camelCase(name);
}

/** An element that is one of several, each with attributes of its own: it becomes the property `timing`, with a `kind`. */
export function isTiming(type: ComplexType): boolean {
	return type.content?.kind === 'choice' && type.content.max === 1;
}

export type Value = string | number | boolean | readonly string[];

/** The value that a text stands for; undefined when it is none of the type. */
export function toValue(type: SimpleType, text: string): Value | undefined {
	const value = normalize(type, text);
	if (type.item !== undefined) return value === '' ? [] : value.split(' ');
	if (type.name === 'size') return parseSize(value);
	if (type.name === 'day_of_month' && value !== 'last') return wholeNumber(value);
	if (type.primitive === 'boolean') return value === 'true' || value === '1';
	if (type.primitive === 'integer') return wholeNumber(value);
	if (type.enumeration.length > 0 && !type.enumeration.some((one) => one.value === value)) return undefined;
	return value;
}

/** The text for a value, as we write it. */
export function toText(type: SimpleType, value: Value): string {
	if (typeof value === 'object') return value.join(' ');
	if (type.name === 'size' && typeof value === 'number') return sizeText(value);
	return String(value);
}

function sizeText(bytes: number): string {
	const units = ['TB', 'GB', 'MB', 'KB'];
	for (const [index, unit] of units.entries()) {
		const size = 1024 ** (units.length - index);
		if (bytes >= size && bytes % size === 0) return `${bytes / size} ${unit}`;
	}
	return String(bytes);
}

function wholeNumber(text: string): number | undefined {
	const number = Number(text);
	return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}

/** Whether two texts mean the same, such as `1` and `true`, or `4 GB` and `4294967296`. */
export function sameMeaning(type: SimpleType, a: string, b: string): boolean {
	return a === b || JSON.stringify(toValue(type, a) ?? a) === JSON.stringify(toValue(type, b) ?? b);
}
