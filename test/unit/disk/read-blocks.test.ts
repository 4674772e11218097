import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryBytes } from '../../../src/base/bytes.ts';
import { readBlocks } from '../../../src/disk/read-blocks.ts';

const source = new MemoryBytes(Uint8Array.from({ length: 3 << 20 }, (_, i) => (i ^ (i >>> 8) ^ (i >>> 16)) & 0xff));

test('returns every block in the order of the offsets', async () => {
	const offset = fc.integer({ min: 0, max: source.size - 512 });
	await fc.assert(
		fc.asyncProperty(fc.array(offset, { maxLength: 40 }), async (offsets) => {
			const blocks = await readBlocks(source, offsets, 512);
			expect(blocks.map((block) => Buffer.from(block).toString('hex'))).toEqual(
				offsets.map((at) => Buffer.from(source.bytes.subarray(at, at + 512)).toString('hex')),
			);
		}),
		{ numRuns: 100 },
	);
});

test('reads neighbours with one request and far blocks with their own', async () => {
	const reads: [number, number][] = [];
	const counting = {
		size: source.size,
		read: (offset: number, target: Uint8Array) => {
			reads.push([offset, target.length]);
			return source.read(offset, target);
		},
	};
	await readBlocks(counting, [8192, 0, 4096, 2 << 20], 4096);
	expect(reads.sort((a, b) => a[0] - b[0])).toEqual([
		[0, 12288],
		[2 << 20, 4096],
	]);
});

test('refuses a block outside the source and stops when cancelled', async () => {
	await expect(readBlocks(source, [0, source.size - 100], 512)).rejects.toMatchObject({ code: 'read-error' });
	await expect(readBlocks(source, [-1], 512)).rejects.toMatchObject({ code: 'read-error' });
	await expect(readBlocks(source, [0], 512, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});
