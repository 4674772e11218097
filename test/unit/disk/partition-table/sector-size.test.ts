import { describe, expect, test } from 'vitest';
import { MemoryBytes, checkRange, type ByteSource } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { detectSectorSize } from '../../../../src/disk/partition-table/sector-size.ts';
import { mbrSector, smallGpt, type SmallEntry } from '../small-disks.ts';
import { smallFat } from '../small-volumes.ts';

/** Larger than `smallFat('FAT12')`, as each of the places below. */
const MiB = 1024 * 1024;
const fat = smallFat('FAT12');

/** A disk with the entries in its MBR and a FAT at each of the bytes; `cut`: its size. */
function disk(entries: readonly SmallEntry[], volumes: readonly number[], cut = 64 * MiB): Uint8Array {
	const bytes = new Uint8Array(cut);
	bytes.set(mbrSector(entries));
	for (const at of volumes) bytes.set(fat, at);
	return bytes;
}

const found = (bytes: Uint8Array) => detectSectorSize(new MemoryBytes(bytes));
const one: SmallEntry = { type: 6, firstLba: 512, sectors: 512 };

test('a GPT header at byte 4096 and none at byte 512', async () => {
	expect(await found(smallGpt([{ first: 40, last: 50 }], 4096))).toEqual({ sectorSize: 4096 });
	expect(await found(smallGpt([{ first: 40, last: 50 }]))).toEqual({ sectorSize: 512 });
	const both = smallGpt([{ first: 40, last: 50 }]);
	both.set(new TextEncoder().encode('EFI PART'), 4096);
	expect(await found(both)).toEqual({ sectorSize: 512 });
});

describe('an MBR', () => {
	test('with a file system where sectors of one size have the partition', async () => {
		expect(await found(disk([one], [512 * 512]))).toEqual({ sectorSize: 512 });
		expect(await found(disk([one], [512 * 4096]))).toEqual({ sectorSize: 4096 });
	});

	test('counts file systems: one of them may lie where the other size has another partition', async () => {
		const entries = [
			{ type: 6, firstLba: 512, sectors: 512 },
			{ type: 6, firstLba: 4096, sectors: 512 },
		];
		expect(await found(disk(entries, [512 * 4096, 4096 * 4096]))).toEqual({ sectorSize: 4096 });
		expect(await found(disk(entries, [512 * 512, 4096 * 512]))).toEqual({ sectorSize: 512 });
	});

	test('of a disk that was cut short, by the file system that is left', async () => {
		const entries = [one, { type: 6, firstLba: 8192, sectors: 8192 }];
		expect(await found(disk(entries, [512 * 4096], 16 * MiB))).toEqual({ sectorSize: 4096 });
	});

	test('without file systems, by what lies on the disk', async () => {
		const large = { type: 0x83, firstLba: 512, sectors: 120_000 };
		expect(await found(disk([large], []))).toEqual({ sectorSize: 512 });
	});

	test.each([512, 4096])('without file systems, by its chain of logical partitions in sectors of %i', async (size) => {
		const bytes = disk([{ type: 5, firstLba: 512, sectors: 2048 }], []);
		bytes.set(mbrSector([{ type: 0x83, firstLba: 8, sectors: 64 }]), 512 * size);
		expect(await found(bytes)).toEqual({ sectorSize: size });
	});

	test('that agrees with either is taken with 512, with a warning', async () => {
		expect(await found(disk([one], []))).toMatchObject({
			sectorSize: 512,
			warning: { message: expect.stringMatching(/begin with nothing known in either case; 512 was taken/) as string },
		});
		expect(await found(disk([one], [512 * 512, 512 * 4096]))).toMatchObject({
			sectorSize: 512,
			warning: { message: expect.stringMatching(/as many file systems/) as string },
		});
	});

	test('that agrees with neither is taken with 512: its damage is told by who reads it', async () => {
		const overlapping = [one, { ...one, firstLba: 600 }];
		expect(await found(disk(overlapping, []))).toEqual({ sectorSize: 512 });
	});

	test('is not looked for in the boot sector of a volume', async () => {
		const bytes = disk([], [0, 512 * 4096]);
		bytes.set(mbrSector([{ ...one, firstLba: 0 }, one]).subarray(0x1be), 0x1be);
		expect(await found(bytes)).toEqual({ sectorSize: 512 });
	});

	test('counts what cannot be read for neither', async () => {
		const bytes = disk([one], [512 * 512]);
		const source: ByteSource = {
			size: bytes.length,
			async read(offset, target) {
				checkRange('disk', offset, target.length, bytes.length);
				if (offset >= 512 * 4096) throw new AfterimageError('read-error', 'bad sector');
				target.set(bytes.subarray(offset, offset + target.length));
			},
		};
		expect(await detectSectorSize(source)).toEqual({ sectorSize: 512 });
	});
});
