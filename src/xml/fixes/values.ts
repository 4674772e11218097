import { parseSize } from '../../base/quantity.ts';
import type { SimpleType } from '../../definition/schema/types.ts';
import { normalize, objection } from '../../definition/schema/values.ts';
import { choicesOf } from '../snippet.ts';
import { nearest } from '../../base/edit-distance.ts';

/** Values of the type that a wrong one may be meant to be, likeliest first; every one of them is valid. */
export function meantValues(type: SimpleType, text: string, defaultValue: string | undefined): string[] {
	const value = normalize(type, text).trim();
	const guesses = [...guess(type, value)];
	const choices = type.item === undefined ? choicesOf(type) : [];
	if (choices.length > 0) guesses.push(...nearest(value, choices), ...(choices.length <= 8 ? choices : []));
	if (guesses.length === 0 && defaultValue !== undefined) guesses.push(defaultValue);
	return [...new Set(guesses)].filter((one) => one !== text && objection(type, one, 'it') === undefined);
}

function guess(type: SimpleType, value: string): string[] {
	if (type.item !== undefined) return [mendList(type.item, value)];
	if (type.primitive === 'boolean') {
		if (/^(y|yes|on|enabled?|wahr)$/i.test(value)) return ['true', 'false'];
		return /^(n|no|off|disabled?|falsch)$/i.test(value) ? ['false', 'true'] : [];
	}
	if (type.primitive === 'integer') return inRange(type, value);
	switch (type.name) {
		case 'time': {
			const match = /^(\d{1,2})(?:[:.h](\d{1,2}))?(?::\d+)?\s*([ap]m)?$/i.exec(value);
			if (match === null) return [];
			const half = match[3]?.toLowerCase();
			const hour = half === undefined ? Number(match[1]) : (Number(match[1]) % 12) + (half === 'pm' ? 12 : 0);
			return [`${pad(Math.min(hour, 23))}:${pad(Math.min(Number(match[2] ?? 0), 59))}`];
		}
		case 'date': {
			const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(value);
			if (iso !== null) return [`${iso[1]}-${pad(Number(iso[2]))}-${pad(Number(iso[3]))}`];
			const german = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(value);
			return german === null ? [] : [`${german[3]}-${pad(Number(german[2]))}-${pad(Number(german[1]))}`];
		}
		case 'size': {
			const match = /^(\d+(?:[.,]\d+)?)\s*([kmgt])?(?:i?b)?$/i.exec(value);
			if (match === null) return [];
			const number = match[1]!.replace(',', '.');
			const text = match[2] === undefined ? number : `${number} ${match[2].toUpperCase()}B`;
			return parseSize(text) === undefined ? [] : [text];
		}
		case 'disk_signature':
			return [
				value
					.replace(/^0x/i, '')
					.replace(/[{}\s]/g, '')
					.toUpperCase(),
				value.replace(/\W/g, '').padStart(8, '0'),
			];
		case 'day_of_month': {
			const number = parseInt(value, 10);
			return Number.isNaN(number) ? ['last'] : [String(Math.min(Math.max(number, 1), 31)), 'last'];
		}
		case 'mail_server':
			return [`smtps://${value.replace(/^[a-z]*:?\/\//i, '')}`, `smtp://${value.replace(/^[a-z]*:?\/\//i, '')}`];
		case 'filename_template':
			return [value.replace(/[/\\:*?"<>|]+/g, '-')];
		case 'path':
			return [value.replace(/\s+/g, ' ')];
		case 'time_zone':
			return nearest(value, Intl.supportedValuesOf('timeZone')).slice(0, 3);
		default:
			return type.maxLength !== undefined && value.length > type.maxLength
				? [value.slice(0, type.maxLength).trim()]
				: [];
	}
}

/** The nearest number that is allowed. */
function inRange({ min, max }: SimpleType, value: string): string[] {
	const digits = /-?\d+/.exec(value.replace(/[\s_,'](?=\d{3}\b)/g, ''));
	const number = digits === null ? (min ?? 0) : Number(digits[0]);
	return [String(Math.min(Math.max(Math.round(number), min ?? -Infinity), max ?? Infinity))];
}

function mendList(item: SimpleType, value: string): string {
	const choices = choicesOf(item);
	const items = value.split(/[\s,;]+/).flatMap((one) => {
		const known = choices.find((choice) => choice === one) ?? choices.find((choice) => isShort(choice, one));
		return known ?? nearest(one, choices)[0] ?? [];
	});
	return [...new Set(items)].join(' ');
}

/** `Mo`, `mon` for `monday`. */
function isShort(choice: string, text: string): boolean {
	return text.length >= 2 && choice.startsWith(text.toLowerCase());
}

function pad(number: number): string {
	return String(number).padStart(2, '0');
}
