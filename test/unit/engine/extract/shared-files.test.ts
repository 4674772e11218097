import { expect, it } from 'vitest';
import { SharedFiles } from '../../../../src/engine/extract/shared-files.ts';

const volume = {};
const file = (number: string, names = 2, of: object = volume) => ({ volume: of, number, names });

it('knows a file from its first name to its last', () => {
	const files = new SharedFiles<string>();
	expect(files.find(file('7', 3))).toBeUndefined();
	expect(files.remember(file('7', 3), 'first')).toBe(true);
	expect(files.find(file('7', 3))).toBe('first');
	expect(files.find(file('7', 3, {}))).toBeUndefined();
	expect(files.remember(file('7', 3), 'another copy')).toBe(true);
	expect(files.find(file('7', 3))).toBe('another copy');
	expect(files.find(file('7', 3))).toBeUndefined();
});

it('remembers so many at once, and others when their last names have come', () => {
	const files = new SharedFiles<number>(2);
	expect([1, 2, 3].map((one) => files.remember(file(String(one)), one))).toEqual([true, true, false]);
	expect(files.find(file('3'))).toBeUndefined();
	expect(files.find(file('1'))).toBe(1);
	expect(files.remember(file('3'), 3)).toBe(true);
	expect(files.remember(file('4', 2, {}), 4)).toBe(false);
});
