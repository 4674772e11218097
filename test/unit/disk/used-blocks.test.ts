import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsedBlocks } from '../../../src/disk/used-blocks.ts';

test('has the blocks that the ranges touch, byte by byte', () => {
	const ranges = fc.array(fc.tuple(fc.nat(2000), fc.nat(600)), { maxLength: 5 });
	fc.assert(
		fc.property(
			fc.nat(70),
			fc.integer({ min: 1, max: 1500 }),
			fc.constantFrom(1, 8, 64),
			ranges,
			(start, length, size, of) => {
				const used = new UsedBlocks(start, length, size);
				const bytes = new Uint8Array(length);
				for (const [from, more] of of) {
					used.add(from, from + more);
					if (from + more > start) bytes.fill(1, Math.max(0, from - start), from + more - start);
				}
				const count = Math.ceil(length / size);
				const expected = Array.from({ length: count }, (_, block) => block).filter((block) =>
					bytes.subarray(block * size, (block + 1) * size).includes(1),
				);
				const found: number[] = [];
				for (let block = used.next(0); block < used.count; block = used.next(block + 1)) found.push(block);
				expect(found).toEqual(expected);
				expect([used.count, used.used(), used.next(count), used.has(count)]).toEqual([
					count,
					expected.length,
					count,
					false,
				]);
				const sizes = expected.map((block) => Math.min(size, length - block * size));
				expect(used.usedBytes()).toBe(sizes.reduce((sum, one) => sum + one, 0));
				used.addAll();
				expect([used.used(), used.usedBytes()]).toEqual([count, length]);
			},
		),
		{ numRuns: 300 },
	);
});
