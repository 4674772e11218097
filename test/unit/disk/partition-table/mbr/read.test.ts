import { describe, expect, test } from 'vitest';
import { MemoryBytes } from '../../../../../src/base/bytes.ts';
import { isBootSector } from '../../../../../src/disk/partition-table/mbr/bare.ts';
import { readMbr } from '../../../../../src/disk/partition-table/mbr/read.ts';
import { mbrSector, type SmallEntry } from '../../small-disks.ts';
import { smallFat } from '../../small-volumes.ts';

const data = (firstLba: number, sectors: number): SmallEntry => ({ type: 0x83, firstLba, sectors });
const link = (firstLba: number, sectors: number): SmallEntry => ({ type: 0x05, firstLba, sectors });
const none: SmallEntry = { type: 0, firstLba: 0, sectors: 0 };

/** The partitions and warnings of a disk of 1000 sectors with these records. */
async function read(records: Readonly<Record<number, readonly SmallEntry[]>>) {
	const bytes = new Uint8Array(1000 * 512);
	for (const [lba, entries] of Object.entries(records)) bytes.set(mbrSector(entries), Number(lba) * 512);
	const { partitions, warnings } = await readMbr(new MemoryBytes(bytes), bytes.subarray(0, 512), 512);
	return {
		partitions: partitions.map(({ number, start }) => [number, start / 512]),
		warnings: warnings.map(({ message }) => message),
	};
}

describe('a chain of extended boot records', () => {
	test('that returns to itself ends there', async () => {
		const records = { 0: [link(100, 800)], 100: [data(10, 50), link(100, 60)], 200: [data(10, 50), link(100, 60)] };
		expect(await read(records)).toEqual({
			partitions: [
				[5, 110],
				[6, 210],
			],
			warnings: [expect.stringMatching(/byte 102400: the chain returns to an earlier record; .* number 7 on/)],
		});
	});

	test('is counted on from that of an earlier extended partition', async () => {
		const records = { 0: [link(100, 100), link(300, 100)], 100: [data(10, 50)], 300: [data(10, 50)] };
		expect((await read(records)).partitions).toEqual([
			[5, 110],
			[6, 310],
		]);
	});

	test('that leaves its container ends there', async () => {
		for (const away of [800, 850]) {
			expect(await read({ 0: [link(100, 800)], 100: [data(10, 50), link(away, 60)] })).toEqual({
				partitions: [[5, 110]],
				warnings: [expect.stringContaining('lies outside the extended partition')],
			});
		}
	});

	test('has two entries a record, and what others say counts only where it can be', async () => {
		const old = { 0: [link(100, 800)], 100: [data(10, 50), none, data(780, 50), data(0, 50)] };
		expect(await read(old)).toEqual({ partitions: [[5, 110]], warnings: [] });
		expect((await read({ ...old, 100: [data(10, 50), none, data(700, 50)] })).partitions).toEqual([
			[5, 110],
			[6, 800],
		]);
		expect(await read({ ...old, 100: [data(10, 50), data(780, 50)] })).toMatchObject({
			partitions: [
				[5, 110],
				[6, 880],
			],
			warnings: [expect.stringMatching(/Logical partition 6: expected within/)],
		});
	});
});

describe('the boot sector of a file system without a table', () => {
	const sectorOf = (change: (sector: Uint8Array) => void) => {
		const volume = smallFat('FAT16');
		change(volume);
		return isBootSector(volume.subarray(0, 512), volume.length, 512);
	};
	const entry = (sector: Uint8Array, firstLba: number) =>
		sector.set(mbrSector([data(firstLba, 10)]).subarray(0x1be, 0x1fe), 0x1be);

	test.each([
		['with nothing in the place of entries', () => undefined, true],
		['with text there', (sector) => sector.fill(0x41, 0x1be, 0x1fe), true],
		['with an entry that begins at sector 0', (sector) => entry(sector, 0), true],
		['with one behind the end of the disk', (sector) => entry(sector, 1_000_000), true],
		['that calls itself FAT and is damaged', (sector) => void (sector[11] = 1), true],
		['is none where a sound table is', (sector) => entry(sector, 63), false],
	] as [string, (sector: Uint8Array) => void, boolean][])('%s', (_, change, expected) => {
		expect(sectorOf(change)).toBe(expected);
	});
});
