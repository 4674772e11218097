import { AfterimageError } from '../../base/errors.ts';
import { formatBytes, parseSize } from '../../base/quantity.ts';
import type { OptionValues } from '../command.ts';

/** Typed access to parsed options; each throws AfterimageError `invalid-argument` naming the option and what it takes. */

export function flagOf(values: OptionValues, name: string): boolean {
	return values[name] === true;
}

export function textOf(values: OptionValues, name: string): string | undefined {
	const value = values[name];
	return typeof value === 'string' ? value : undefined;
}

/** A path; what a script left empty is none. */
export function pathOf(values: OptionValues, name: string): string | undefined {
	const path = textOf(values, name);
	if (path === '') throw invalid(`--${name}: expected a path, found ${shown(path)}`);
	return path;
}

export function requiredTextOf(values: OptionValues, name: string, what: string): string {
	const value = textOf(values, name);
	if (value === undefined || value === '') throw invalid(`--${name} ${what} is missing`);
	return value;
}

export function choiceOf<T extends string>(values: OptionValues, name: string, choices: readonly T[], standard: T): T {
	const value = textOf(values, name);
	if (value === undefined) return standard;
	const choice = choices.find((one) => one === value);
	if (choice === undefined) throw invalid(`--${name}: expected ${choices.join(', ')}, found ${shown(value)}`);
	return choice;
}

/** What an option takes, both ends included. */
export interface Range {
	readonly least: number;
	/** Without it, any number that is held exactly. */
	readonly most?: number;
	/** A value as it may be typed. */
	readonly such: string;
}

/** A repeatable option of whole numbers from 0, each also as a list: `1,3`. Undefined when it was not given. */
export function numbersOf(values: OptionValues, name: string): readonly number[] | undefined {
	const value = values[name];
	if (!Array.isArray(value)) return undefined;
	const texts = value.flatMap((text) => String(text).split(','));
	return texts.map((text) => parseWhole(name, text, { least: 0, such: '2 or 1,3' }));
}

export function numberOf(values: OptionValues, name: string, range: Range): number | undefined {
	const value = textOf(values, name);
	return value === undefined ? undefined : parseWhole(name, value, range);
}

/** Bytes, typed with or without a unit. */
export function sizeOf(values: OptionValues, name: string, range: Range): number | undefined {
	const value = textOf(values, name);
	if (value === undefined) return undefined;
	const size = parseSize(value);
	const { least, most = Number.MAX_SAFE_INTEGER, such } = range;
	if (size !== undefined && size >= least && size <= most) return size;
	throw expected(name, `a size from ${formatBytes(least)} to ${formatBytes(most)}`, such, value);
}

/** `--min-free GB`, in bytes. */
export function minFreeOf(values: OptionValues): number | undefined {
	const gigabytes = numberOf(values, 'min-free', { least: 1, most: 1_000_000, such: '50' });
	return gigabytes === undefined ? undefined : gigabytes * 2 ** 30;
}

/** `5%` or `5` as 0.05. */
export function shareOf(values: OptionValues, name: string): number | undefined {
	const value = textOf(values, name);
	if (value === undefined) return undefined;
	const match = /^(\d+(?:\.\d+)?)%?$/.exec(value.trim());
	const share = match === null ? 0 : Number(match[1]) / 100;
	if (share > 0 && share <= 1) return share;
	throw expected(name, 'a share above 0% and up to 100%', '5% or 0.5%', value);
}

/** Days in a week and, as they are counted here, in a month. */
const unitDays = { d: 1, w: 7, m: 30 };

/** A time such as `30d`, `4w` or `1m`, in days: at least one. */
export function daysOf(values: OptionValues, name: string): number | undefined {
	const days = timeOf(values, name, unitDays);
	if (days === 'unreadable' || days === 0) {
		throw expected(name, 'a number of days, weeks or months', '30d, 4w or 1m', textOf(values, name)!);
	}
	return days;
}

const unitSeconds = { s: 1, m: 60, h: 3600 };

/** A time such as `90s`, `30m` or `6h`, in seconds. */
export function secondsOf(values: OptionValues, name: string): number | undefined {
	const seconds = timeOf(values, name, unitSeconds);
	if (seconds === 'unreadable') {
		throw expected(name, 'a number of seconds, minutes or hours', '90s, 30m or 6h', textOf(values, name)!);
	}
	return seconds;
}

/** A number of up to four digits and a unit, in the unit that counts 1. */
function timeOf(
	values: OptionValues,
	name: string,
	units: Readonly<Record<string, number>>,
): number | 'unreadable' | undefined {
	const value = textOf(values, name);
	if (value === undefined) return undefined;
	const [, count, unit = ''] = /^(\d{1,4})([a-z])$/.exec(value.trim()) ?? [];
	const one = Object.hasOwn(units, unit) ? units[unit] : undefined;
	return one === undefined ? 'unreadable' : Number(count) * one;
}

/** Exactly one operand, named `what` in errors. */
export function onlyOperand(operands: readonly string[], what: string): string {
	if (operands.length === 1) return operands[0]!;
	throw invalid(`Expected one ${what}, found ${operands.length === 0 ? 'none' : operands.join(' ')}`);
}

/** A text that was typed, in a message: as it is, or in quotes where nothing or no one line would be seen. */
export function shown(text: string): string {
	return text.trim() === text && /^\P{C}+$/u.test(text) ? text : JSON.stringify(text);
}

export function invalid(message: string): AfterimageError {
	return new AfterimageError('invalid-argument', message);
}

function parseWhole(name: string, text: string, { least, most = Number.MAX_SAFE_INTEGER, such }: Range): number {
	const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : NaN;
	if (value >= least && value <= most) return value;
	const end = most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`;
	throw expected(name, `a whole number from ${least}${end}`, such, text);
}

function expected(name: string, what: string, such: string, found: string): AfterimageError {
	return invalid(`--${name}: expected ${what}, such as ${such}, found ${shown(found)}`);
}
