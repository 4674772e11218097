import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryBytes, type ByteSource } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { rebuildGpt } from '../../../../src/disk/partition-table/gpt/rebuild.ts';
import type { SectorSize } from '../../../../src/disk/partition-table/layout.ts';
import { readDiskLayout } from '../../../../src/disk/partition-table/read-layout.ts';
import { mbrSignature, withMbrSignature } from '../../../../src/disk/partition-table/mbr/read.ts';
import { detectSectorSize } from '../../../../src/disk/partition-table/sector-size.ts';
import { readTrack0 } from '../../../../src/disk/partition-table/track0.ts';
import { diskGuid, mbrSector, sealHeader, smallGpt } from '../small-disks.ts';
import { GptHeader } from '../../../../src/disk/partition-table/gpt/structures.ts';
import { smallExfat, smallFat } from '../small-volumes.ts';

const layoutOf = (disk: Uint8Array, sectorSize: SectorSize = 512) => readDiskLayout(new MemoryBytes(disk), sectorSize);
const messages = async (disk: Uint8Array) => (await layoutOf(disk)).warnings.map(({ message }) => message);

test.each([512, 4096] as const)('GPT with sectors of %i bytes', async (sectorSize) => {
	const disk = smallGpt(
		[
			{ first: 10, last: 99, name: 'dätä' },
			{ first: 100, last: 394 },
		],
		sectorSize,
	);
	const layout = await layoutOf(disk, sectorSize);
	expect(layout).toMatchObject({
		table: 'gpt',
		id: diskGuid,
		warnings: [],
		track0Length: 63 * sectorSize,
		partitions: [
			{ number: 1, start: 10 * sectorSize, length: 90 * sectorSize, name: 'dätä', typeName: 'Linux filesystem' },
			{ number: 2, start: 100 * sectorSize, length: 295 * sectorSize, name: '' },
		],
	});
	expect(await detectSectorSize(new MemoryBytes(disk))).toEqual({ sectorSize });
});

describe('a member of an array whose superblock is at its end', () => {
	const member = (level: number) => {
		const disk = smallGpt([{ first: 10, last: 99 }]);
		const superblock = new DataView(disk.buffer, (400 - 16) * 512);
		superblock.setUint32(0, 0xa92b4efc, true);
		superblock.setUint32(4, 1, true);
		superblock.setInt32(0x48, level, true);
		return disk;
	};

	test('is one whole when it is striped: the table at its beginning counts the bytes of all members', async () => {
		for (const level of [0, 5, 6, 10, -1]) {
			expect(await layoutOf(member(level))).toMatchObject({
				table: 'none',
				warnings: [],
				partitions: [{ number: 1, start: 0, length: 400 * 512 }],
			});
		}
	});

	test('has the partitions of a mirror, which lie there as they are', async () => {
		expect(await layoutOf(member(1))).toMatchObject({ table: 'gpt', partitions: [{ start: 10 * 512 }] });
	});
});

describe('GPT entries that cannot be', () => {
	test('end before they begin', async () => {
		expect(await messages(smallGpt([{ first: 99, last: 10 }]))).toEqual([
			expect.stringMatching(/entry 1: .*found sectors 99 to 10/),
		]);
	});

	test('lie outside the usable sectors or the disk', async () => {
		const found = await messages(
			smallGpt([
				{ first: 3, last: 9 },
				{ first: 100, last: 500 },
				{ first: 600, last: 700 },
			]),
		);
		expect(found).toEqual([
			expect.stringMatching(/entry 1: expected within the usable sectors 6 to 394, found 3 to 9/),
			expect.stringMatching(/entry 2/),
			expect.stringMatching(/entry 3/),
			expect.stringMatching(/Partition 2: .*only what lies on the disk/),
			expect.stringMatching(/Partition 3: .*left out/),
		]);
	});

	test('are cut at the end of the disk, or left out behind it, and come in the order in which they lie', async () => {
		const disk = smallGpt([
			{ first: 300, last: 500 },
			{ first: 600, last: 700 },
			{ first: 10, last: 99 },
		]);
		const { partitions } = await layoutOf(disk);
		expect(partitions.map(({ number, start, length }) => [number, start / 512, length / 512])).toEqual([
			[3, 10, 90],
			[1, 300, 100],
		]);
		const whole = new Uint8Array(400 * 512);
		whole.set(mbrSector([{ type: 0x83, firstLba: 100, sectors: 300 }]));
		expect(await messages(whole)).toEqual([]);
	});

	test('overlap', async () => {
		const found = await messages(
			smallGpt([
				{ first: 10, last: 300 },
				{ first: 20, last: 30 },
				{ first: 200, last: 210 },
			]),
		);
		expect(found).toEqual([
			expect.stringMatching(/Partitions 1 and 2 overlap/),
			expect.stringMatching(/Partitions 1 and 3 overlap/),
		]);
	});
});

test('two valid copies that differ', async () => {
	const disk = smallGpt([{ first: 10, last: 99 }]);
	new GptHeader(disk, 399 * 512).diskGuid = new Uint8Array(16).fill(9);
	sealHeader(disk, 399 * 512);
	expect(await messages(disk)).toEqual([expect.stringMatching(/both valid but differ/)]);
});

test('the first track of a disk whose primary table is damaged holds a right one', async () => {
	const disk = smallGpt([{ first: 80, last: 99 }]);
	const damaged = disk.slice();
	damaged.fill(0x77, 512, 6 * 512);
	const source = new MemoryBytes(damaged);
	const track0 = await readTrack0(source, await readDiskLayout(source, 512));
	expect(track0).toEqual(disk.subarray(0, 80 * 512));
	expect(damaged[600]).toBe(0x77);
});

test('a rebuilt table for the same disk is the same', async () => {
	const disk = smallGpt([{ first: 80, last: 99 }]);
	const { gpt } = await layoutOf(disk);
	const again = new Uint8Array(disk.length);
	for (const { offset, data } of rebuildGpt(gpt!, disk.subarray(0, 512), disk.length)) again.set(data, offset);
	expect(again).toEqual(disk);
});

test('a rebuilt table does not overwrite a partition', async () => {
	const { gpt } = await layoutOf(
		smallGpt([
			{ first: 4, last: 99 },
			{ first: 100, last: 200 },
		]),
	);
	const mbr = mbrSector([]);
	expect(() => rebuildGpt(gpt!, mbr, 1e6)).toThrow(
		/first partition at byte 2048: expected at or behind sector 6, found 4/,
	);
	expect(rebuildGpt(gpt!, mbr, 1e6, { keep: [2] })).toHaveLength(5);
});

test('MBR signatures', () => {
	const sector = mbrSector([], 0x00abcdef);
	expect(mbrSignature(sector)).toBe('00ABCDEF');
	expect(mbrSignature(withMbrSignature(sector, 'fedcba98'))).toBe('FEDCBA98');
	expect(mbrSignature(mbrSector([]))).toBe('');
	expect(() => withMbrSignature(sector, '123')).toThrow(RangeError);
});

describe('sector 0', () => {
	const size = 1024 * 1024;
	const withSector = (sector: Uint8Array) => {
		const disk = new Uint8Array(size);
		disk.set(sector);
		return disk;
	};

	test('a status byte that is neither 0 nor 0x80 is no table', async () => {
		const sector = mbrSector([{ type: 7, firstLba: 10, sectors: 100, status: 0x31 }]);
		expect(await layoutOf(withSector(sector))).toMatchObject({ table: 'none' });
	});

	test('a volume without a table, whatever its size', async () => {
		for (const volume of [smallFat('FAT12'), smallFat('FAT16'), smallFat('FAT32'), smallExfat()]) {
			expect(await layoutOf(volume)).toMatchObject({ table: 'none', partitions: [{ length: volume.length }] });
		}
		for (const length of [0, 1, 511, 512, 1023]) {
			const layout = await layoutOf(new Uint8Array(length));
			expect(layout).toMatchObject({ table: 'none', track0Length: length });
			expect(layout.partitions).toHaveLength(length === 0 ? 0 : 1);
		}
	});

	test('a chain of logical partitions no longer than any system numbers them', async () => {
		const disk = withSector(mbrSector([{ type: 5, firstLba: 1, sectors: 2000 }]));
		for (let i = 0; i < 600; i++) {
			const record = mbrSector([
				{ type: 0x83, firstLba: 1, sectors: 1 },
				{ type: 5, firstLba: (i + 1) * 2, sectors: 2 },
			]);
			disk.set(record, (1 + i * 2) * 512);
		}
		const layout = await layoutOf(disk);
		expect(layout.partitions).toHaveLength(255);
		expect(layout.warnings[0]!.message).toMatch(/more than 255 records/);
	});
});

test('read errors pass', async () => {
	const failing: ByteSource = {
		size: 1e6,
		read: () => Promise.reject(new AfterimageError('read-error', 'unreadable')),
	};
	await expect(readDiskLayout(failing, 512)).rejects.toMatchObject({ code: 'read-error' });
});

test('hostile disks: every partition lies on the disk, and nothing is thrown', async () => {
	const gpt = smallGpt([
		{ first: 10, last: 99 },
		{ first: 100, last: 394 },
	]);
	const mbr = gpt.slice();
	mbr.fill(0, 512);
	mbr.set(
		mbrSector([
			{ type: 7, firstLba: 10, sectors: 50 },
			{ type: 15, firstLba: 100, sectors: 300 },
		]),
	);
	mbr.set(
		mbrSector([
			{ type: 7, firstLba: 2, sectors: 50 },
			{ type: 5, firstLba: 100, sectors: 50 },
		]),
		100 * 512,
	);
	mbr.set(mbrSector([{ type: 7, firstLba: 2, sectors: 20 }]), 200 * 512);
	const places = [0x1be, 512, 512 + 72, 1024, 1024 + 128, 100 * 512 + 0x1be, 200 * 512 + 0x1be, 399 * 512, 395 * 512];
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom(gpt, mbr),
			fc.array(fc.tuple(fc.constantFrom(...places), fc.nat(63), fc.nat(255)), { maxLength: 8 }),
			fc.boolean(),
			async (good, changes, seal) => {
				const disk = good.slice();
				for (const [at, more, value] of changes) disk[at + more] = value;
				if (seal && good === gpt) sealHeader(disk, 512);
				const layout = await layoutOf(disk);
				for (const { start, length } of layout.partitions) {
					expect(start).toBeGreaterThanOrEqual(0);
					expect(length).toBeGreaterThan(0);
					expect(start + length).toBeLessThanOrEqual(disk.length);
				}
				expect((await readTrack0(new MemoryBytes(disk), layout)).length).toBe(layout.track0Length);
			},
		),
		{ numRuns: 1000 },
	);
});
