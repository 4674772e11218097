import { counted } from '../../base/quantity.ts';
import type { SimpleType } from './types.ts';

/** Text as a type sees it: white space as it is in a string, collapsed in every other type (XML Schema, whiteSpace). */
export function normalize(type: SimpleType, text: string): string {
	if (type.primitive === 'string' || !/[\t\r\n]|^ | $| {2}/.test(text)) return text;
	return text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
}

/** What is wrong with a text as a value of the type, as a sentence about `what`; undefined when it is valid. */
export function objection(type: SimpleType, text: string, what: string): string | undefined {
	const value = normalize(type, text);
	const no = (wanted: string): string => `${what} is ${shown(value)}; ${wanted}.`;

	if (type.item !== undefined) {
		const items = value === '' ? [] : value.split(' ');
		const bad = items.find((item) => objection(type.item!, item, what) !== undefined);
		if (bad !== undefined) return objection(type.item, bad, what);
		return lengthObjection(type, items.length, no, 'value');
	}
	if (type.enumeration.length > 0 && !type.enumeration.some((one) => one.value === value)) {
		return no(`it must be ${alternatives(type.enumeration.map((one) => one.value))}`);
	}
	switch (type.primitive) {
		case 'boolean':
			return ['true', 'false', '1', '0'].includes(value) ? undefined : no('it must be true or false');
		case 'integer': {
			if (!/^[+-]?\d+$/.test(value)) return no(`it must be a whole number${range(type)}`);
			// Beyond 2^53 a number is rounded, which changes nothing against the bounds that our types have.
			const number = Number(value);
			const low = type.min !== undefined && number < type.min;
			const high = type.max !== undefined && number > type.max;
			return low || high ? no(`it must be a whole number${range(type)}`) : undefined;
		}
		case 'date':
			return isDate(value) && matches(type, value) ? undefined : no('it must be a day as 2026-12-31');
		case 'string':
		case 'token':
			if (!matches(type, value)) return no(`it must be ${describePattern(type)}`);
			return type.minLength === undefined && type.maxLength === undefined
				? undefined
				: lengthObjection(type, Array.from(value).length, no, 'character');
	}
}

function shown(value: string): string {
	return value === '' ? 'without a value' : `“${value.length > 60 ? `${value.slice(0, 60)}…` : value}”`;
}

function matches(type: SimpleType, value: string): boolean {
	return type.patterns.every((step) => step.some((pattern) => pattern.test(value)));
}

function lengthObjection(
	type: SimpleType,
	length: number,
	no: (wanted: string) => string,
	noun: string,
): string | undefined {
	if (type.minLength !== undefined && length < type.minLength) return no(`it needs at least ${counted(type.minLength, noun)}`);
	if (type.maxLength !== undefined && length > type.maxLength) return no(`it may have at most ${counted(type.maxLength, noun)}`);
	return undefined;
}

/** What a pattern asks for is told by the documentation of its type: `A GUID, or 8 hexadecimal digits.` */
function describePattern(type: SimpleType): string {
	const words = type.documentation.replace(/\.$/, '');
	return words.charAt(0).toLowerCase() + words.slice(1);
}

function range(type: SimpleType): string {
	if (type.min !== undefined && type.max !== undefined) return ` from ${type.min} to ${type.max}`;
	if (type.min !== undefined) return ` of at least ${type.min}`;
	return type.max === undefined ? '' : ` of at most ${type.max}`;
}

function alternatives(values: readonly string[]): string {
	return values.length === 1 ? values[0]! : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function isDate(value: string): boolean {
	const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
	if (match === null) return false;
	const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
	if (year < 1 || month < 1 || month > 12 || day < 1) return false;
	const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}
