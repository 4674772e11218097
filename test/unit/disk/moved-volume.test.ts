import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../src/base/bytes.ts';
import { readExfatBoot } from '../../../src/disk/exfat/boot-sector.ts';
import { ExfatBootSector } from '../../../src/disk/exfat/structures.ts';
import { Fat32Fields, FatBootSector } from '../../../src/disk/fat/structures.ts';
import { movedVolume } from '../../../src/disk/moved-volume.ts';
import type { MovedBytes } from '../../../src/disk/volume-move.ts';
import { BootSector } from '../../../src/disk/ntfs/boot-sector.ts';
import { sampleVolume } from './ntfs/sample-volume.ts';
import { sealExfat, smallExfat, smallFat } from './small-volumes.ts';

const mebibyte = 2 ** 20;
/** The sector at which 1 MiB begins, and 5 MiB. */
const [before, behind] = [2048, 10_240];
const move = { from: mebibyte, to: 5 * mebibyte, room: 0 };

/** A volume that was told its old place, and what becomes of it. */
async function moved(volume: Uint8Array, how: Partial<typeof move> = {}) {
	const changes = await movedVolume(new MemoryBytes(volume), { ...move, room: volume.length, ...how });
	for (const { offset, before: held, data } of changes) {
		if (held !== undefined) expect(volume.subarray(offset, offset + data.length)).toEqual(held);
	}
	return { changes, places: changes.map(({ offset }) => offset / 512), volume: applied(volume, changes) };
}

function applied(volume: Uint8Array, changes: readonly MovedBytes[]): Uint8Array {
	const end = Math.max(volume.length, ...changes.map(({ offset, data }) => offset + data.length));
	const result = new Uint8Array(end);
	result.set(volume);
	for (const { offset, data } of changes) result.set(data, offset);
	return result;
}

/** Places of bytes that differ. */
const differing = (one: Uint8Array, other: Uint8Array) =>
	[...one.keys()].filter((at) => one[at] !== other[at]).map((at) => [Math.floor(at / 512), at % 512]);

describe('an NTFS volume', () => {
	/** With the backup of its boot sector, the last sector. */
	function ntfs(hidden: number): Uint8Array {
		const { image } = sampleVolume();
		new BootSector(image).hiddenSectors = hidden;
		image.copyWithin(image.length - 512, 0, 512);
		return image;
	}
	const last = ntfs(0).length / 512 - 1;
	const hiddenAt = (volume: Uint8Array, sector: number) => new BootSector(volume, sector * 512).hiddenSectors;

	it('is told its new place in its boot sector and the backup, and nothing else of it changes', async () => {
		const volume = ntfs(before);
		const found = await moved(volume);
		expect(found.places).toEqual([0, last]);
		expect([0, last].map((sector) => hiddenAt(found.volume, sector))).toEqual([behind, behind]);
		expect(differing(volume, found.volume)).toEqual([[0, 0x1d], [last, 0x1d]]); // prettier-ignore
	});

	it('has the backup in the last sector of a larger partition too, where it is looked for', async () => {
		const found = await moved(ntfs(before), { room: (last + 8) * 512 + 100 });
		expect(found.places).toEqual([0, last, last + 7]);
		expect(found.changes[2]!.before).toBeUndefined();
		expect(found.volume.subarray((last + 7) * 512)).toEqual(found.volume.subarray(0, 512));
		// Also when it stays where it is, and when the field is not one of ours.
		const grown = await moved(ntfs(before), { to: mebibyte, room: (last + 8) * 512 });
		expect(grown.places).toEqual([last + 7]);
		expect(hiddenAt(grown.volume, last + 7)).toBe(before);
		expect((await moved(ntfs(63), { room: (last + 8) * 512 })).places).toEqual([last + 7]);
	});

	it('keeps a field that did not hold its old place', async () => {
		for (const hidden of [0, 63, behind]) expect((await moved(ntfs(hidden))).changes).toEqual([]);
		const volume = ntfs(before);
		new BootSector(volume, last * 512).hiddenSectors = 63;
		expect((await moved(volume)).places).toEqual([0]);
	});

	it('has 0 where the new place does not fit the field, and outside of partitions', async () => {
		for (const to of [2 ** 32 * 512, 5 * mebibyte + 100]) {
			const found = await moved(ntfs(before), { to });
			expect([0, last].map((sector) => hiddenAt(found.volume, sector))).toEqual([0, 0]);
		}
		const back = await moved(ntfs(0), { from: 2 ** 32 * 512 });
		expect(hiddenAt(back.volume, 0)).toBe(behind);
		const most = await moved(ntfs(before), { to: (2 ** 32 - 1) * 512 });
		expect(hiddenAt(most.volume, 0)).toBe(0xffff_ffff);
		expect(hiddenAt((await moved(ntfs(before), { to: 0 })).volume, 0)).toBe(0);
		expect(hiddenAt((await moved(ntfs(0), { from: 0 })).volume, 0)).toBe(behind);
	});

	it('whose last sector holds something else keeps that', async () => {
		const volume = ntfs(before);
		new BootSector(volume, last * 512).oemId = Uint8Array.from(Buffer.from('NOT NTFS'));
		expect((await moved(volume)).places).toEqual([0]);
	});
});

describe('a FAT volume', () => {
	function fat(type: 'FAT12' | 'FAT16' | 'FAT32', hidden: number): Uint8Array {
		const volume = smallFat(type);
		new FatBootSector(volume).hiddenSectors = hidden;
		if (type === 'FAT32') {
			new Fat32Fields(volume, 0x24).backupBootSector = 1;
			volume.copyWithin(512, 0, 512);
		}
		return volume;
	}

	it.each([
		['FAT12', [0]],
		['FAT16', [0]],
		['FAT32', [0, 1]],
	] as const)('%s is told its new place in its boot sectors', async (type, sectors) => {
		const volume = fat(type, before);
		const found = await moved(volume);
		expect(found.places).toEqual(sectors);
		expect(differing(volume, found.volume)).toEqual(sectors.map((sector) => [sector, 0x1d]));
		expect(new FatBootSector(found.volume).hiddenSectors).toBe(behind);
		expect((await moved(fat(type, before + 1))).changes).toEqual([]);
	});

	it('names a backup outside of its reserved sectors, or without a boot sector, in vain', async () => {
		const volume = fat('FAT32', before);
		new Fat32Fields(volume, 0x24).backupBootSector = 2;
		volume.copyWithin(1024, 0, 512);
		expect((await moved(volume)).places).toEqual([0]);
		const wiped = fat('FAT32', before);
		wiped.fill(0, 1022, 1024);
		expect((await moved(wiped)).places).toEqual([0]);
	});
});

describe('an exFAT volume', () => {
	function exfat(offset: number): Uint8Array {
		const volume = smallExfat();
		new ExfatBootSector(volume).partitionOffset = offset;
		sealExfat(volume);
		return volume;
	}

	it('is told its new place in both boot regions, whose checksums are right', async () => {
		const found = await moved(exfat(before));
		expect(found.places).toEqual([0, 12]);
		const expected = exfat(behind);
		expect(found.volume).toEqual(expected);
		expect(await readExfatBoot(new MemoryBytes(found.volume))).toBeDefined();
	});

	it('has room for places of which FAT could not tell', async () => {
		const found = await moved(exfat(before), { to: 2 ** 42 });
		expect(new ExfatBootSector(found.volume).partitionOffset).toBe(2 ** 33);
	});

	it('keeps an offset that is to be ignored, and a region whose checksum is wrong', async () => {
		expect((await moved(exfat(0))).changes).toEqual([]);
		expect((await moved(exfat(before), { to: mebibyte })).changes).toEqual([]);
		const backup = exfat(before);
		backup[20 * 512] = 1;
		expect((await moved(backup)).places).toEqual([0]);
		const main = exfat(before);
		main[8 * 512] = 1;
		expect((await moved(main)).changes).toEqual([]);
	});
});

it('what is no file system of these, or too short for one, is left alone', async () => {
	for (const volume of [new Uint8Array(0), new Uint8Array(100), new Uint8Array(65_536).fill(0xee)]) {
		expect(await movedVolume(new MemoryBytes(volume), { ...move, room: mebibyte })).toEqual([]);
	}
});
