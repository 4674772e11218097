import type { Translate, Wording } from '../../base/l10n.ts';
import { oneOf } from '../one-of.ts';
import { documentationOf } from './documentation.ts';
import type { SimpleType } from './types.ts';

/** Text as a type sees it: white space as it is in a string, collapsed in every other type (XML Schema, whiteSpace). */
export function normalize(type: SimpleType, text: string): string {
	if (type.primitive === 'string' || !/[\t\r\n]|^ | $| {2}/.test(text)) return text;
	return text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '');
}

/** What is wrong with a text as a value of the type, as a sentence about `what`; undefined when it is valid. */
export function objection(type: SimpleType, text: string, what: string): Wording | undefined {
	const value = normalize(type, text);
	const no = (wanted: Wording): Wording => (t) =>
		value === ''
			? t('{0} is without a value; {1}.', what, wanted(t))
			: t('{0} is “{1}”; {2}.', what, shortened(value), wanted(t));
	const must = (wanted: Wording): Wording => no((t) => t('it must be {0}', wanted(t)));

	if (type.item !== undefined) {
		const items = value === '' ? [] : value.split(' ');
		const bad = items.find((item) => objection(type.item!, item, what) !== undefined);
		if (bad !== undefined) return objection(type.item, bad, what);
		return lengthObjection(type, items.length, no, values);
	}
	if (type.enumeration.length > 0 && !type.enumeration.some((one) => one.value === value)) {
		const allowed = type.enumeration.map((one) => one.value);
		return must((t) => oneOf(allowed, t));
	}
	switch (type.primitive) {
		case 'boolean':
			return ['true', 'false', '1', '0'].includes(value) ? undefined : must((t) => oneOf(['true', 'false'], t));
		case 'integer': {
			if (!/^[+-]?\d+$/.test(value)) return must((t) => wholeNumber(type, t));
			// Beyond 2^53 a number is rounded, which changes nothing against the bounds that our types have.
			const number = Number(value);
			const low = type.min !== undefined && number < type.min;
			const high = type.max !== undefined && number > type.max;
			return low || high ? must((t) => wholeNumber(type, t)) : undefined;
		}
		case 'date':
			return isDate(value) && matches(type, value) ? undefined : must((t) => t('a day as 2026-12-31'));
		case 'string':
		case 'token':
			if (!matches(type, value)) return must((t) => describePattern(type, t));
			return type.minLength === undefined && type.maxLength === undefined
				? undefined
				: lengthObjection(type, Array.from(value).length, no, characters);
	}
}

function shortened(value: string): string {
	return value.length > 60 ? `${value.slice(0, 60)}…` : value;
}

function matches(type: SimpleType, value: string): boolean {
	return type.patterns.every((step) => step.some((pattern) => pattern.test(value)));
}

function lengthObjection(
	type: SimpleType,
	length: number,
	no: (wanted: Wording) => Wording,
	counted: (count: number, t: Translate) => string,
): Wording | undefined {
	const { minLength: least, maxLength: most } = type;
	if (least !== undefined && length < least) return no((t) => t('it needs at least {0}', counted(least, t)));
	if (most !== undefined && length > most) return no((t) => t('it may have at most {0}', counted(most, t)));
	return undefined;
}

function characters(count: number, t: Translate): string {
	return count === 1 ? t('1 character') : t('{0} characters', count);
}

function values(count: number, t: Translate): string {
	return count === 1 ? t('1 value') : t('{0} values', count);
}

/**
 * What a pattern asks for is told by the documentation of its type: `A GUID, or 8 hexadecimal digits.` It begins with
 * an article in every language, which goes on a sentence in lower case.
 */
function describePattern(type: SimpleType, t: Translate): string {
	const words = documentationOf(type, t).replace(/\.$/, '');
	return words.charAt(0).toLowerCase() + words.slice(1);
}

function wholeNumber({ min, max }: SimpleType, t: Translate): string {
	if (min !== undefined && max !== undefined) return t('a whole number from {0} to {1}', min, max);
	if (min !== undefined) return t('a whole number of at least {0}', min);
	return max === undefined ? t('a whole number') : t('a whole number of at most {0}', max);
}

function isDate(value: string): boolean {
	const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
	if (match === null) return false;
	const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
	if (year < 1 || month < 1 || month > 12 || day < 1) return false;
	const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}
