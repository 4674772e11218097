import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { readDiskLayout } from '../../../../src/disk/partition-table/read-layout.ts';
import type { PartitionLoad } from '../../../../src/engine/load/load-plan.ts';
import { fitPartitions } from '../../../../src/engine/restore/target/choose-target.ts';
import { targetPartition } from '../../../../src/engine/restore/target/target-partition.ts';
import { typeObjection } from '../../../../src/engine/restore/wanted-type.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { gptBytes } from '../../../support/fakes/sample-disk.ts';
import { mbrSector } from '../../disk/small-disks.ts';

const mebibyte = 2 ** 20;
const sectors = (mebibytes: number) => mebibytes * 2048;

/** Primary 1 (1 to 2 MiB), extended 2 (3 to 7) with logical 5 (4 to 5) and 6 (6 to 7). */
function mbrDisk(): Uint8Array {
	const bytes = new Uint8Array(8 * mebibyte);
	const records = {
		0: [
			{ type: 0x07, firstLba: sectors(1), sectors: sectors(1) },
			{ type: 0x0f, firstLba: sectors(3), sectors: sectors(4) },
		],
		3: [
			{ type: 0x83, firstLba: sectors(1), sectors: sectors(1) },
			{ type: 0x05, firstLba: sectors(2), sectors: sectors(2) },
		],
		5: [{ type: 0x0c, firstLba: sectors(1), sectors: sectors(1) }],
	};
	for (const [at, entries] of Object.entries(records)) bytes.set(mbrSector(entries), Number(at) * mebibyte);
	return bytes;
}

async function chosen(bytes: Uint8Array, number: number, needed = mebibyte, sectorSize = 512) {
	return targetPartition(await readDiskLayout(new MemoryBytes(bytes), 512), '/dev/target', number, needed, sectorSize);
}

describe('the partition of a target', () => {
	it('is known by its number, a logical one too', async () => {
		expect(await chosen(mbrDisk(), 1)).toMatchObject({ start: mebibyte, length: mebibyte });
		expect(await chosen(mbrDisk(), 6)).toMatchObject({ start: 6 * mebibyte, length: mebibyte });
		const gpt = gptBytes(4 * mebibyte, [{ start: mebibyte, length: 2 * mebibyte }]);
		expect(await chosen(gpt, 1)).toMatchObject({ start: mebibyte });
	});

	it.each([
		[2, mebibyte, 512, 'invalid-argument', 'Partition 2 of /dev/target is extended'],
		[3, mebibyte, 512, 'invalid-argument', 'has no partition 3; it has 1, 5, 6'],
		[5, mebibyte + 1, 512, 'target-too-small', `has ${mebibyte} bytes`],
		[5, mebibyte, 4096, 'not-supported', 'sectors of 512 bytes'],
	])('%i for %i bytes in sectors of %i is refused', async (number, needed, sectorSize, code, message) => {
		await expect(chosen(mbrDisk(), number, needed, sectorSize)).rejects.toMatchObject({
			code,
			message: expect.stringContaining(message) as string,
		});
	});

	it('is refused without a table', async () => {
		await expect(chosen(new Uint8Array(4 * mebibyte), 1)).rejects.toMatchObject({ code: 'invalid-argument' });
	});

	it.each([
		['partition 1', [{ type: 0x83, firstLba: sectors(1), sectors: sectors(2) }, { type: 0x83, firstLba: sectors(2), sectors: sectors(2) }], 2],
		['the partition table', [{ type: 0x83, firstLba: 0, sectors: sectors(2) }], 1],
		['the record of a logical', [{ type: 0x83, firstLba: sectors(2), sectors: sectors(2) }, { type: 0x0f, firstLba: sectors(3), sectors: sectors(4) }], 1],
	])('that shares bytes with %s is refused', async (what, entries, number) => {
		const bytes = mbrDisk();
		bytes.set(mbrSector(entries));
		await expect(chosen(bytes, number)).rejects.toMatchObject({
			code: 'invalid-argument',
			message: expect.stringContaining(what) as string,
		});
	}); // prettier-ignore
});

describe('the partitions of a target at the places of those of an image', () => {
	const load = (start: number, length: number) =>
		({ partition: { _geometry: { start, length }, _header: { partition_number: 1 } } }) as PartitionLoad;
	const fit = (bytes: Uint8Array) =>
		fitPartitions(new MemoryDisk('/dev/target', bytes).open(), [load(mebibyte, mebibyte)]);

	it('take them, and have the bytes that the table gives them', async () => {
		expect(await fit(mbrDisk())).toEqual(new Map([[mebibyte, mebibyte]]));
	});

	it('are refused where others share bytes with them', async () => {
		const bytes = mbrDisk();
		const entry = { type: 0x83, firstLba: sectors(1), sectors: sectors(2) };
		bytes.set(mbrSector([entry, { ...entry, firstLba: sectors(1) + 8 }]));
		await expect(fit(bytes)).rejects.toMatchObject({
			code: 'invalid-argument',
			message: expect.stringContaining('shares bytes with partition 2') as string,
		});
	});
});

describe('the type of a partition', () => {
	const objection = async (bytes: Uint8Array, number: number, fileSystem: string, imaged = 0) =>
		typeObjection(fileSystem, await chosen(bytes, number), imaged);

	it('is said when what goes into it is not looked for there', async () => {
		const gpt = gptBytes(4 * mebibyte, [{ start: mebibyte, length: 2 * mebibyte }]);
		for (const fits of ['ext4', 'XFS', 'Btrfs']) expect(await objection(gpt, 1, fits)).toBeUndefined();
		expect(await objection(gpt, 1, 'NTFS')).toContain('has the type Linux filesystem, which stays; NTFS is looked for');
		expect(await objection(gpt, 1, 'FAT32')).toContain('of the type Basic data');
		for (const [number, fits] of [
			[1, 'NTFS'],
			[1, 'exFAT'],
			[5, 'ext4'],
			[6, 'FAT32'],
		] as const) {
			// prettier-ignore
			expect(await objection(mbrDisk(), number, fits)).toBeUndefined();
		}
		expect(await objection(mbrDisk(), 1, 'FAT32')).toContain('FAT32 (0c)');
		expect(await objection(mbrDisk(), 5, 'swap')).toContain('Linux swap (82)');
	});

	it('of what nobody knows is that of the imaged disk', async () => {
		expect(await objection(mbrDisk(), 5, 'ZFS member', 0x83)).toBeUndefined();
		expect(await objection(mbrDisk(), 5, 'ZFS member', 0xbf)).toContain('as on the imaged disk (Solaris)');
	});
});
