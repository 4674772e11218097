import { readSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Partition } from '../../../../src/disk/partition-table/layout.ts';
import { UsedBlocks } from '../../../../src/disk/used-blocks.ts';
import { stretchesOf, volumeSource, type Overlay } from '../../../../src/engine/backup/sources/overlay.ts';
import { sourcePieces } from '../../../../src/engine/backup/sources/partition-source.ts';
import type { PlannedPartition } from '../../../../src/engine/backup/sources/planned-partition.ts';
import { openTemporaryBytes, type TemporaryBytes } from '../../../../src/engine/backup/sources/temporary-bytes.ts';
import type { OpenDisk } from '../../../../src/engine/ports/disk-port.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';

const blockSize = 4096;
const files: TemporaryBytes[] = [];
const shared = async (bytes: Uint8Array) => {
	const file = await openTemporaryBytes(bytes);
	files.push(file);
	return file;
};
afterAll(() => Promise.all(files.map((file) => file.close())));

/** A partition under random overlays, and what its bytes are. */
async function scene(seed: number) {
	const random = randomNumbers(seed);
	const partition = { number: 1, start: 512 * random.below(40), length: 512 * (1 + random.below(160)) } as Partition;
	const disk = await shared(random.fill(new Uint8Array(partition.start + partition.length + 512)));
	const expected = new Uint8Array(partition.length);
	await disk.read(partition.start, expected);
	const overlays: Overlay[] = [];
	for (let count = random.below(6); count > 0; count--) {
		const start = 512 * random.below(partition.length / 512);
		const length = Math.min(partition.length - start, 512 * (1 + random.below(60)));
		const at = 512 * random.below(8);
		const source = await shared(random.fill(new Uint8Array(at + length)));
		overlays.push({ start, length, source, at });
	}
	// The first in the list lies on top.
	for (const { start, length, source, at } of overlays.toReversed()) {
		await source.read(at, expected.subarray(start, start + length));
	}
	return { partition, disk, overlays, expected, random };
}

describe.each(Array.from({ length: 60 }, (_, seed) => seed))('a partition under overlays (%i)', (seed) => {
	it('is cut into stretches without gaps, and read through them', async () => {
		const { partition, disk, overlays, expected, random } = await scene(seed);
		const stretches = stretchesOf(overlays, partition.length);
		expect(stretches[0]?.start).toBe(0);
		expect(stretches.at(-1)?.end).toBe(partition.length);
		for (const [i, { start }] of stretches.slice(1).entries()) expect(start).toBe(stretches[i]!.end);
		const source = volumeSource(disk, partition, overlays);
		for (let round = 0; round < 20; round++) {
			const from = random.below(partition.length);
			const read = new Uint8Array(random.below(partition.length - from + 1));
			await source.read(from, read);
			expect(read).toEqual(expected.subarray(from, from + read.length));
		}
	});

	it('gives every used block once, in order, in pieces of one descriptor', async () => {
		const { partition, disk, overlays, expected, random } = await scene(seed);
		const from = random.below(2) === 0 ? 0 : 512 * random.below(partition.length / 512);
		const used = new UsedBlocks(from, partition.length - from, blockSize);
		for (let i = 0; i < used.count; i++) {
			if (random.below(4) > 0) used.add(from + i * blockSize, from + i * blockSize + 1);
		}
		const found: number[] = [];
		const planned = { partition, overlays } as unknown as PlannedPartition;
		for await (const piece of sourcePieces(planned, disk as unknown as OpenDisk, from, used, false)) {
			for (let block = piece.used.next(0); block < piece.used.count; block = piece.used.next(block + 1)) {
				const offset = from + block * blockSize;
				const read = new Uint8Array(Math.min(blockSize, partition.length - offset));
				expect(readSync(piece.fd, read, 0, read.length, piece.start + offset)).toBe(read.length);
				expect(read).toEqual(expected.subarray(offset, offset + read.length));
				found.push(block);
			}
		}
		const all: number[] = [];
		for (let block = used.next(0); block < used.count; block = used.next(block + 1)) all.push(block);
		expect(found).toEqual(all);
	});
});
