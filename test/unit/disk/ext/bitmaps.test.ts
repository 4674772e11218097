import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstClear, scanBitmap } from '../../../../src/disk/ext/bitmaps.ts';
import type { Geometry } from '../../../../src/disk/ext/geometry.ts';
import { BlockRuns } from '../../../../src/disk/ext/runs.ts';

/** Bytes that are often all set or all clear, so that long runs occur. */
const bitmap = fc.array(fc.oneof(fc.constant(0), fc.constant(0xff), fc.nat(255)), { minLength: 16, maxLength: 64 });

test('a bitmap is reported bit by bit, and its free bits are counted', () => {
	fc.assert(
		fc.property(bitmap, fc.nat(512), fc.constantFrom(1, 4), (bytes, wanted, ratio) => {
			const data = Uint8Array.from([9, 9, 9, 9, ...bytes, 0, 0, 0, 0]);
			const clusters = Math.min(wanted, bytes.length * 8);
			const found = new Set<number>();
			const geometry = { blockSize: 1, blocks: 1e6, clusterRatio: ratio } as Geometry;
			const sink = {
				add(start: number, end: number) {
					for (let block = start; block < end; block++) found.add(block);
				},
			};
			const runs = new BlockRuns(sink, geometry);
			const free = scanBitmap(new DataView(data.buffer), 4, clusters, 100, ratio, runs);
			runs.flush();
			const expected = new Set<number>();
			for (let bit = 0; bit < clusters; bit++) {
				if (((bytes[bit >> 3]! >> (bit & 7)) & 1) === 0) continue;
				for (let i = 0; i < ratio; i++) expected.add(100 + bit * ratio + i);
			}
			expect(found).toEqual(expected);
			expect(free).toBe(clusters - expected.size / ratio);
		}),
	);
});

test('the first clear bit of a range', () => {
	fc.assert(
		fc.property(bitmap, fc.nat(127), fc.nat(127), (bytes, a, b) => {
			const [from, to] = [Math.min(a, b), Math.max(a, b)];
			let expected = from;
			while (expected < to && ((bytes[expected >> 3]! >> (expected & 7)) & 1) === 1) expected++;
			expect(firstClear(Uint8Array.from([0, ...bytes]), 1, from, to)).toBe(expected);
		}),
	);
});

test('runs that touch become one range, cut at the end of the file system', () => {
	const found: number[][] = [];
	const geometry = { blockSize: 512, blocks: 100, clusterRatio: 4 } as Geometry;
	const runs = new BlockRuns({ add: (start, end) => found.push([start, end]) }, geometry);
	runs.add(0, 4);
	runs.add(4, 8);
	runs.add(13, 14);
	runs.add(98, 104);
	runs.flush();
	runs.flush();
	expect(found).toEqual([
		[0, 8 * 512],
		[12 * 512, 16 * 512],
		[96 * 512, 100 * 512],
	]);
});
