import { describe, expect, it } from 'vitest';
import { isDefinitionText } from '../../../src/definition/sniff.ts';

describe('isDefinitionText', () => {
	it.each([
		'<backup_definition xmlns="x">',
		'<backup_definition/>',
		'\uFEFF<?xml version="1.0"?>\n<!-- <project> -->\n<?style x?>\n<b:backup_definition xmlns:b="x">',
		'  <backup_definition>\n<broken',
	])('knows %j', (text) => {
		expect(isDefinitionText(text)).toBe(true);
	});

	it.each([
		'',
		'text',
		'<project><backup_definition/></project>',
		'<backup_definitions>',
		'<!-- never ends <backup_definition>',
		`<!--${' '.repeat(5000)}--><backup_definition/>`,
		'<backup_definition',
	])('does not take %j for one', (text) => {
		expect(isDefinitionText(text)).toBe(false);
	});
});
