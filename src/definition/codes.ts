import type { Severity } from './problem.ts';
import { ruleSeverities } from './rules/rule.ts';

/** Every code that a problem of a definition can have; `docs/rules/<code>.md` explains each. */
export const problemCodes: Readonly<Record<string, Severity>> = {
	'xml-malformed': 'error',
	'xml-encoding': 'error',
	'xml-doctype': 'error',
	'xml-too-large': 'error',
	'xml-too-deep': 'error',
	'schema-root': 'error',
	'schema-unknown-element': 'error',
	'schema-missing-element': 'error',
	'schema-unexpected-element': 'error',
	'schema-unknown-attribute': 'error',
	'schema-missing-attribute': 'error',
	'schema-value': 'error',
	'schema-text': 'error',
	...ruleSeverities,
};
