import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { scanBitmap } from '../../../../src/disk/ntfs/bitmap.ts';

async function runsOf(bits: Uint8Array, total: number): Promise<[number, number][]> {
	const runs: [number, number][] = [];
	await scanBitmap(new MemoryBytes(bits), total, (first, end) => runs.push([first, end]), undefined);
	return runs;
}

/** Bit by bit. */
function plainRuns(bits: Uint8Array, total: number): [number, number][] {
	const runs: [number, number][] = [];
	for (let i = 0; i < total; i++) {
		if (((bits[i >>> 3]! >>> (i & 7)) & 1) === 0) continue;
		const last = runs.at(-1);
		if (last?.[1] === i) last[1]++;
		else runs.push([i, i + 1]);
	}
	return runs;
}

it('finds the same runs as a look at every bit', async () => {
	const byte = fc.oneof(fc.constant(0), fc.constant(0xff), fc.integer({ min: 0, max: 255 }));
	await fc.assert(
		fc.asyncProperty(
			fc.array(byte, { minLength: 1, maxLength: 60 }),
			fc.integer({ min: 0, max: 7 }),
			async (list, less) => {
				const bits = Uint8Array.from(list);
				const total = bits.length * 8 - less;
				expect(await runsOf(bits, total)).toEqual(plainRuns(bits, total));
			},
		),
		{ numRuns: 1000 },
	);
});

it('joins runs across the pieces it reads', async () => {
	const bits = new Uint8Array(2 * 1024 * 1024 + 3);
	const mebibits = 8 * 1024 * 1024;
	bits.fill(0xff, 1024 * 1024 - 1, 1024 * 1024 + 1);
	bits[bits.length - 1] = 0x81;
	expect(await runsOf(bits, bits.length * 8 - 7)).toEqual([
		[mebibits - 8, mebibits + 8],
		[2 * mebibits + 16, 2 * mebibits + 17],
	]);
});
