import { expect, it } from 'vitest';
import { BlockCache } from '../../../../src/engine/browse/block-cache.ts';

const block = (value: number, length = 4) => new Uint8Array(length).fill(value);

it('keeps copies of the blocks that were used last, within its size', () => {
	const cache = new BlockCache(12);
	const source = block(1);
	cache.set(1, source);
	source.fill(9);
	cache.set(2, block(2));
	cache.set(3, block(3));
	expect(cache.get(1)).toEqual(block(1));
	cache.set(4, block(4));
	expect([1, 2, 3, 4].map((key) => cache.has(key))).toEqual([true, false, true, true]);
	cache.set(5, block(5, 13));
	expect(cache.get(5)).toBeUndefined();
	cache.set(6, block(6, 8));
	expect([1, 3, 4, 6].map((key) => cache.get(key))).toEqual([undefined, undefined, block(4), block(6, 8)]);
});

it('uses the memory of a block that it gives up for the next', () => {
	const cache = new BlockCache(8);
	cache.set(1, block(1));
	cache.set(2, block(2));
	const first = cache.get(1);
	cache.get(2);
	cache.set(3, block(3));
	expect(cache.get(3)).toBe(first);
	const second = cache.get(2);
	cache.set(2, block(7));
	expect(cache.get(2)).toBe(second);
	expect(cache.get(2)).toEqual(block(7));
	expect(cache.get(3)).toEqual(block(3));
});
