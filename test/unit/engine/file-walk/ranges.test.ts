import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryBytes, readBytes } from '../../../../src/base/bytes.ts';
import { HeldRanges, MissingExtents } from '../../../../src/engine/file-walk/held-ranges.ts';
import { LostParts, LostRanges, WithoutLost } from '../../../../src/engine/file-walk/lost-ranges.ts';
import { BlockIndex } from '../../../../src/image/index/block-index.ts';
import { BlockSet } from '../../../../src/image/index/block-set.ts';
import type { ResolvedPartition } from '../../../../src/image/set/chain.ts';

const size = 200;

/** Blocks of 10 bytes, the last of 8; before the first lie 30 bytes of a reserved block. */
const [reservedLength, blockSize] = [30, 10];
const layout = {
	...{ start: 1000, length: size - 2, blockStart: 1000 + reservedLength, blockLength: size - 2 - reservedLength },
	...{ blockSize, blockCount: 20, usableBlocks: 17, reservedStart: 1000, reservedLength },
};

function lostRanges(blocks: readonly number[], reserved = false): LostRanges {
	const lost = { blocks: new BlockSet(20), reserved: new BlockSet(1) };
	for (const block of blocks) lost.blocks.add(block);
	if (reserved) lost.reserved.add(0);
	const indexes = { index: new BlockIndex(20), reserved: new BlockIndex(1) };
	return new LostRanges({ layout, ...indexes } as unknown as ResolvedPartition, lost);
}

/** Of the blocks and the reserved one. */
const someLost = fc.tuple(fc.uniqueArray(fc.nat(16)), fc.boolean()).map(([blocks, reserved]) => {
	const range = (block: number) => [30 + block * 10, Math.min(size - 2, 40 + block * 10)] as const;
	return { lost: lostRanges(blocks, reserved), bad: [...blocks.map(range), ...(reserved ? [[0, 30] as const] : [])] };
});
const someRange = fc.tuple(fc.nat(size), fc.nat(size)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

describe('what is lost', () => {
	it('is counted once a byte, whatever the order and overlaps of extents', () => {
		fc.assert(
			fc.property(someLost, fc.array(someRange), ({ bad, lost }, extents) => {
				let told = 0;
				const parts = new LostParts(lost, (length) => (told += length));
				for (const [start, end] of extents) parts.add(start, end);
				const isLost = (byte: number) => bad.some(([start, end]) => start <= byte && byte < end);
				const isOwn = (byte: number) => extents.some(([start, end]) => start <= byte && byte < end);
				const bytes = Array.from({ length: size }, (_, byte) => byte);
				expect(parts.bytes).toBe(bytes.filter((byte) => isLost(byte) && isOwn(byte)).length);
				expect(told).toBe(extents.reduce((sum, [start, end]) => sum + end - start, 0));
				const free = bad.filter(([start, end]) => !bytes.slice(start, end).some(isOwn));
				expect([lost.count, lost.unclaimed]).toEqual([bad.length, free.length]);
			}),
		);
	});

	it('takes no more memory for a file whose extents are told again and again', () => {
		const parts = new LostParts(lostRanges([0, 2, 4, 5, 6], true), () => undefined);
		for (let i = 0; i < 100_000; i++) parts.add(i % 90, (i % 90) + 10);
		expect(parts.bytes).toBe(30 + 5 * 10 - 1);
	});

	it('reads as zeros, and all else as it is', async () => {
		await fc.assert(
			fc.asyncProperty(someLost, someRange, async ({ bad, lost }, [start, end]) => {
				const bytes = Uint8Array.from({ length: size }, (_, i) => i + 1);
				const source = new WithoutLost(new MemoryBytes(bytes), lost);
				const expected = bytes.slice();
				for (const one of bad) expected.fill(0, ...one);
				expect(await readBytes(source, start, end - start)).toEqual(expected.subarray(start, end));
			}),
		);
	});

	it('does not make a read that leaves the partition succeed', async () => {
		const source = new WithoutLost(new MemoryBytes(new Uint8Array(100)), lostRanges([6]));
		await expect(source.read(95, new Uint8Array(10))).rejects.toThrow('outside');
	});
});

describe('what an image holds', () => {
	/** Reserved bytes before block 0 at byte 20, then blocks of 16 bytes up to byte 200. */
	function held(reservedStored: boolean, stored: readonly number[]): HeldRanges {
		const index = new BlockIndex(12);
		for (const block of stored) index.set(block, 1, new Uint8Array(16), 0, 5, 0);
		const reserved = new BlockIndex(1);
		if (reservedStored) reserved.set(0, 1, new Uint8Array(16), 0, 5, 0);
		const layout = {
			...{ start: 1000, length: 200, blockStart: 1020, blockLength: 180, blockSize: 16 },
			...{ blockCount: 13, usableBlocks: 12, reservedStart: 1000, reservedLength: 20 },
		};
		return new HeldRanges({ layout, index, reserved } as unknown as ResolvedPartition);
	}

	it('is told byte by byte', () => {
		fc.assert(
			fc.property(fc.boolean(), fc.uniqueArray(fc.nat(11)), someRange, (reserved, stored, [start, end]) => {
				const isHeld = (byte: number) => (byte < 20 ? reserved : stored.includes(Math.floor((byte - 20) / 16)));
				let missing: number | undefined;
				for (let byte = start; byte < end && missing === undefined; byte++) if (!isHeld(byte)) missing = byte;
				expect(held(reserved, stored).firstMissing(start, end)).toBe(missing);
			}),
		);
	});

	it('is nothing behind the partition', () => {
		const all = held(true, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
		expect(all.firstMissing(150, 200)).toBeUndefined();
		expect(all.firstMissing(150, 201)).toBe(200);
		expect(all.firstMissing(300, 400)).toBe(300);
	});

	it('is told of a file with the first byte and the number of its extents that lack some', () => {
		const missing = new MissingExtents(held(true, [0, 2]), () => undefined);
		for (const [start, end] of [
			[20, 36],
			[30, 60],
			[52, 60],
			[100, 101],
		] as const)
			missing.add(start, end);
		expect(missing).toMatchObject({ first: 36, count: 2 });
	});
});
