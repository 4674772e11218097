import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../../../src/extension/engine/launcher-words.ts';

describe('wordsOf', () => {
	it('takes the error of a crash, without its stack', () => {
		const crash = [
			'node:internal/modules/esm/resolve:873',
			'    throw error;',
			"Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'koffi'",
			'    at packageResolve (node:internal/modules/esm/resolve:873:9)',
			'',
			'Node.js v22.23.3',
		].join('\n');
		expect(wordsOf(crash)).toBe("Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'koffi'");
	});

	it('takes the last line of a launcher that only says something', () => {
		expect(wordsOf('Sorry, try again.\nsudo: 1 incorrect password attempt\n')).toBe(
			'sudo: 1 incorrect password attempt',
		);
		expect(wordsOf('')).toBe('');
	});
});
