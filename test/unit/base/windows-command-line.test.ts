import { describe, expect, it } from 'vitest';
import { windowsArgument, withVariable } from '../../../src/base/windows-command-line.ts';

describe('an argument', () => {
	it.each([
		['plain', 'plain'],
		['', '""'],
		['two words', '"two words"'],
		['C:\\with space\\', '"C:\\with space\\\\"'],
		['say "no"', '"say \\"no\\""'],
		['back\\"slash', '"back\\\\\\"slash"'],
		['C:\\plain\\', 'C:\\plain\\'],
	])('%s', (text, quoted) => {
		expect(windowsArgument(text)).toBe(quoted);
	});
});

describe('a command line with a variable', () => {
	it('is one argument of cmd.exe, without a space behind the value, and every word of it is quoted', () => {
		expect(withVariable('X', '1', ['C:\\a b\\c.exe', 'd&e', 'f\\'])).toBe(
			'/d /v:off /s /c "set X=1&& "C:\\a b\\c.exe" "d&e" "f\\\\""',
		);
	});

	it.each(['100%', 'a\nb', 'say "no"'])('is refused where cmd.exe would change it: %j', (text) => {
		expect(() => withVariable('X', '1', ['c.exe', text])).toThrow('cmd.exe');
	});
});
