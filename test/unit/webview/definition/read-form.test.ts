import { describe, expect, it } from 'vitest';
import { readEditable, readForm } from '../../../../webview/definition/model/read-form.ts';
import { definitionText } from '../../../webview/samples.ts';

describe('reading a text for the form', () => {
	it('says which part of the definition a problem lies in', () => {
		const text = definitionText.replace('<full_retention interval="12"/>', '<full_retention interval="none"/>');
		const { problems, broken } = readForm(text, {});
		expect(broken).toBeUndefined();
		expect(problems.map(({ section, severity }) => [section, severity])).toEqual([['disk_space_management', 'error']]);
	});

	it('gives the position of broken markup and still reads what it can', () => {
		const text = definitionText.replace('<folder>', '<folder');
		const { broken, definition } = readForm(text, {});
		expect(broken).toMatchObject({ line: 11 });
		expect(text.slice(broken!.offset)).toMatch(/^<folder|^E:|^[^<]*</);
		expect(definition.name).toBe('System disk');
		expect(readEditable(text)).toBeUndefined();
	});

	it('takes no other document for a definition', () => {
		const { broken } = readForm('<?xml version="1.0"?>\n<project/>', {});
		expect(broken).toMatchObject({ line: 2, column: 1 });
		expect(broken!.message).toContain('backup_definition');
	});

	it('takes an empty text for a broken one', () => {
		expect(readForm('', {}).broken).toMatchObject({ line: 1, column: 1, offset: 0 });
	});
});
