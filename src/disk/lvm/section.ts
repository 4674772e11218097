import { AfterimageError } from '../../base/errors.ts';
import type { Section, Value } from './text.ts';

/** Accessors that hold a section to what it must have. All throw AfterimageError `structure-damaged` naming the field. */

/** @param what the section, for the message */
export function integer(section: Section, name: string, what: string, least: number, most: number): number {
	const value = section.get(name);
	if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
		throw bad(what, name, `a whole number from ${least} to ${most}`, value);
	}
	return value;
}

export function string(section: Section, name: string, what: string): string {
	const value = section.get(name);
	if (typeof value !== 'string') throw bad(what, name, 'a string', value);
	return value;
}

export function list(section: Section, name: string, what: string): readonly (number | string)[] {
	const value = section.get(name);
	if (!Array.isArray(value)) throw bad(what, name, 'a list', value);
	return value as readonly (number | string)[];
}

export function subsection(section: Section, name: string, what: string): Section {
	const value = section.get(name);
	if (!isSection(value)) throw bad(what, name, 'a section', value);
	return value;
}

/** The sections in a section, by name. */
export function* subsections(section: Section): Generator<[string, Section]> {
	for (const [name, value] of section) if (isSection(value)) yield [name, value];
}

function isSection(value: Value | undefined): value is Section {
	return value instanceof Map;
}

function bad(what: string, name: string, expected: string, value: Value | undefined): AfterimageError {
	const found = value === undefined ? 'nothing' : isSection(value) ? 'a section' : JSON.stringify(value).slice(0, 60);
	return new AfterimageError(
		'structure-damaged',
		`LVM metadata, ${what}, ${name}: expected ${expected}, found ${found}`,
		{
			details: { what, name, expected, found },
		},
	);
}
