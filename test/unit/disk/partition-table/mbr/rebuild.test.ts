import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../../../src/base/bytes.ts';
import type { SectorSize } from '../../../../../src/disk/partition-table/layout.ts';
import { readMbr } from '../../../../../src/disk/partition-table/mbr/read.ts';
import { logicalOf, rebuildMbr } from '../../../../../src/disk/partition-table/mbr/rebuild.ts';
import { mbrSector, type SmallEntry } from '../../small-disks.ts';

const sectors = 1000;

/** Records by the sector in which they stand, as a disk. */
function disk(records: Readonly<Record<number, readonly SmallEntry[]>>, sectorSize = 512): Uint8Array {
	const bytes = new Uint8Array(sectors * sectorSize);
	for (const [lba, entries] of Object.entries(records)) bytes.set(mbrSector(entries), Number(lba) * sectorSize);
	return bytes;
}

const data = (firstLba: number, length: number): SmallEntry => ({ type: 0x83, firstLba, sectors: length });
const link = (firstLba: number, length: number): SmallEntry => ({ type: 0x05, firstLba, sectors: length });

/** A primary partition, and logical ones at 110, 210, 310; sectors. */
const chain = {
	0: [data(10, 50), link(100, 800)],
	100: [data(10, 50), link(100, 60)],
	200: [data(10, 50), link(200, 60)],
	300: [data(10, 50)],
};

/** What a reader finds after the table was rebuilt with the partitions that begin at `starts` (sectors). */
async function rebuilt(
	bytes: Uint8Array,
	starts: readonly number[],
	end?: number,
	sectorSize: SectorSize = 512,
	keepEmpty = false,
) {
	const sector = bytes.subarray(0, sectorSize);
	const reading = await readMbr(new MemoryBytes(bytes), sector, sectorSize);
	const partitions = reading.partitions.filter(({ start }) => starts.includes(start / sectorSize));
	const extended = reading.extended.filter((one) => keepEmpty || logicalOf(one, partitions).length > 0);
	const kept = { partitions, extended, end: end === undefined ? undefined : end * sectorSize };
	const target = new Uint8Array(bytes.length);
	for (const { offset, data: written } of rebuildMbr(sector, reading, kept, sectorSize)) target.set(written, offset);
	const found = await readMbr(new MemoryBytes(target), target.subarray(0, sectorSize), sectorSize);
	expect(found.warnings).toEqual([]);
	return {
		target,
		partitions: found.partitions.map(({ number, start, length }) => [number, start / sectorSize, length / sectorSize]),
		extended: found.extended.map(({ start, length }) => [start / sectorSize, length / sectorSize]),
		records: found.extended.flatMap((one) => one.records.map(({ offset }) => offset / sectorSize)),
	};
}

describe('a rebuilt master boot record', () => {
	it('with all its partitions is the same, bit for bit', async () => {
		const bytes = disk(chain);
		expect((await rebuilt(bytes, [10, 110, 210, 310])).target).toEqual(bytes);
	});

	it.each([
		[[110], [[5, 110, 50]], [100]],
		[[210], [[5, 210, 50]], [100]],
		[[110, 310], [[5, 110, 50], [6, 310, 50]], [100, 300]], // prettier-ignore
		[[10, 210, 310], [[1, 10, 50], [5, 210, 50], [6, 310, 50]], [100, 300]], // prettier-ignore
	])('leads to the kept partitions alone: those at %j', async (starts, partitions, records) => {
		for (const sectorSize of [512, 4096] as const) {
			const found = await rebuilt(disk(chain, sectorSize), starts, undefined, sectorSize);
			expect(found.partitions).toEqual(partitions);
			expect(found.records).toEqual(records);
			expect(found.extended).toEqual([[100, 800]]);
		}
	});

	it('has no extended partition when none of its partitions stays', async () => {
		const found = await rebuilt(disk(chain), [10]);
		expect(found.partitions).toEqual([[1, 10, 50]]);
		expect(found.extended).toEqual([]);
		expect(found.target.subarray(512).every((byte) => byte === 0)).toBe(true);
	});

	it('has an extended partition that ends where the disk does, but never before its last logical one', async () => {
		expect((await rebuilt(disk(chain), [110, 310], 700)).extended).toEqual([[100, 600]]);
		expect((await rebuilt(disk(chain), [110, 310], 300)).extended).toEqual([[100, 260]]);
		expect((await rebuilt(disk(chain), [110, 310], 950)).extended).toEqual([[100, 800]]);
	});

	it('tells the new end of the extended partition in cylinder, head and sector too', async () => {
		const { target } = await rebuilt(disk(chain), [110], 700);
		// Sector 699: cylinder 0, head 11, sector 7 of 255 heads and 63 sectors.
		expect([...target.subarray(0x1ce + 5, 0x1ce + 8)]).toEqual([11, 7, 0]);
	});

	it('passes over a head of the chain that describes nothing', async () => {
		const bytes = disk({ ...chain, 100: [{ type: 0, firstLba: 0, sectors: 0 }, link(100, 60)] });
		const found = await rebuilt(bytes, [310]);
		expect(found.partitions).toEqual([[5, 310, 50]]);
		expect(found.records).toEqual([100]);
	});

	it('keeps an empty extended partition', async () => {
		const found = await rebuilt(disk({ 0: [data(10, 50), link(100, 800)], 100: [] }), [10], 500, 512, true);
		expect(found.extended).toEqual([[100, 400]]);
		expect(found.records).toEqual([100]);
	});
});
