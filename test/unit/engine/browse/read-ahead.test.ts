import { expect, it } from 'vitest';
import { ReadAhead } from '../../../../src/engine/browse/read-ahead.ts';

it('reads ahead less while nobody asks for it, never nothing, and more again when it pays', () => {
	const ahead = new ReadAhead();
	const blocks = () => ahead.blocks(65_536);
	const read = (used: boolean) => {
		for (let key = 0; key < 64; key++) {
			if (used) ahead.noteUse(key - 1);
			ahead.noteAhead(key);
		}
		return blocks();
	};
	expect(blocks()).toBe(32);
	expect(read(false)).toBe(8);
	expect([1, 2, 3, 4].map(() => read(false)).at(-1)).toBe(1);
	expect([1, 2, 3, 4, 5, 6].map(() => read(true)).at(-1)).toBe(32);
});
