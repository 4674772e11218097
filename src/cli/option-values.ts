import { AfterimageError } from '../base/errors.ts';
import { counted, parseSize } from '../base/quantity.ts';
import type { OptionValues } from './command.ts';

/** Typed access to parsed options; each throws AfterimageError `invalid-argument` naming the option and what it takes. */

export function flagOf(values: OptionValues, name: string): boolean {
	return values[name] === true;
}

export function textOf(values: OptionValues, name: string): string | undefined {
	const value = values[name];
	return typeof value === 'string' ? value : undefined;
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
	if (choice === undefined) throw invalid(`--${name}: expected ${choices.join(', ')}, found ${value}`);
	return choice;
}

/** A repeatable option of whole numbers from 0, each also as a list: `1,3`. Undefined when it was not given. */
export function numbersOf(values: OptionValues, name: string): readonly number[] | undefined {
	const value = values[name];
	if (!Array.isArray(value)) return undefined;
	return value.flatMap((text) => String(text).split(',')).map((text) => parseWhole(name, text, 0));
}

export function numberOf(values: OptionValues, name: string, least: number): number | undefined {
	const value = textOf(values, name);
	return value === undefined ? undefined : parseWhole(name, value, least);
}

export function sizeOf(values: OptionValues, name: string, least: number): number | undefined {
	const value = textOf(values, name);
	if (value === undefined) return undefined;
	const size = parseSize(value);
	if (size === undefined || size < least) {
		throw invalid(
			`--${name}: expected a size of at least ${counted(least, 'byte')} such as 700M or 4.5G, found ${value}`,
		);
	}
	return size;
}

/** `5%` or `5` as 0.05. */
export function shareOf(values: OptionValues, name: string): number | undefined {
	const value = textOf(values, name);
	if (value === undefined) return undefined;
	const match = /^(\d+(?:\.\d+)?)%?$/.exec(value.trim());
	const share = match === null ? 0 : Number(match[1]) / 100;
	if (!(share > 0 && share <= 1)) throw invalid(`--${name}: expected more than 0% and at most 100%, found ${value}`);
	return share;
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

function parseWhole(name: string, text: string, least: number): number {
	const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : NaN;
	if (!(value >= least)) throw invalid(`--${name}: expected a whole number from ${least}, found ${text}`);
	return value;
}
