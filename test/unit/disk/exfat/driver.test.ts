import { describe, expect, test } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { exfatDriver } from '../../../../src/disk/exfat/driver.ts';
import { BitmapEntry, ExfatBootSector } from '../../../../src/disk/exfat/structures.ts';
import { rangeSink, sealExfat, smallExfat } from '../small-volumes.ts';

const open = (volume: Uint8Array) => exfatDriver.open(new MemoryBytes(volume), {});
const heap = 32 * 512;
const cluster = (number: number) => heap + (number - 2) * 1024;

test('what is in use', async () => {
	const fileSystem = (await open(smallExfat()))!;
	const { info } = fileSystem;
	expect(info).toEqual({
		type: 'exFAT',
		label: 'OK',
		uuid: '1A2B-3C4D',
		size: heap + 102_400,
		used: heap + 12 * 1024,
		free: 88 * 1024,
		clusterSize: 1024,
		totalClusters: 100,
		freeClusters: 88,
		dirty: undefined,
		reservedBytes: 0,
	});
	const sink = rangeSink();
	await fileSystem.collectUsed(sink);
	expect(sink.ranges).toEqual([
		[0, cluster(4)],
		[cluster(10), cluster(20)],
	]);
});

test('a bitmap in two pieces', async () => {
	// 5000 clusters of 512 bytes; their 625 bytes of bitmap are in clusters 2 and 9, the root directory is in cluster 3.
	const [fat, start] = [24 * 512, 80 * 512];
	const volume = new Uint8Array(start + 5000 * 512);
	volume.set(smallExfat().subarray(0, 24 * 512));
	const boot = new ExfatBootSector(volume);
	Object.assign(boot, { sectorsPerClusterShift: 0, volumeLength: volume.length / 512, fatLength: 50 });
	Object.assign(boot, { clusterHeapOffset: 80, clusterCount: 5000 });
	sealExfat(volume);
	const view = new DataView(volume.buffer);
	for (const [number, next] of [
		[0, 0xffff_fff8],
		[1, 0xffff_ffff],
		[2, 9],
		[3, 0xffff_ffff],
		[9, 0xffff_ffff],
	] as const)
		// prettier-ignore
		view.setUint32(fat + number * 4, next, true);
	const at = (number: number) => start + (number - 2) * 512;
	const entry = new BitmapEntry(volume, at(3));
	Object.assign(entry, { type: 0x81, firstCluster: 2, dataLength: 625 });
	volume[at(2)] = 0b1000_0011;
	volume[at(2) + 511] = 0b1000_0000;
	volume[at(9)] = 0b0000_0011;
	volume[at(9) + 112] = 0b1000_0000;
	const fileSystem = (await open(volume))!;
	expect(fileSystem.info).toMatchObject({ dirty: undefined, freeClusters: 5000 - 7 });
	const sink = rangeSink();
	await fileSystem.collectUsed(sink);
	const last = 2 + 511 * 8 + 7;
	expect(sink.ranges).toEqual([
		[0, at(4)],
		[at(9), at(10)],
		[at(last), at(last + 3)],
		[at(2 + 4999), at(2 + 5000)],
	]);
});

test.each([
	[2, /not cleanly unmounted/],
	[4, /read or write errors/],
])('a volume whose flags say %i is not to be believed', async (flags, reason) => {
	const volume = smallExfat();
	new ExfatBootSector(volume).volumeFlags = flags;
	expect((await open(volume))!.info.dirty).toMatch(reason);
});

test('bits behind the last cluster say nothing, bytes behind it count as used', async () => {
	const volume = new Uint8Array(smallExfat().length + 700);
	volume.set(smallExfat());
	volume[heap + 12] = 0xf8;
	const fileSystem = (await open(volume))!;
	const { info } = fileSystem;
	expect(info.freeClusters).toBe(87);
	const sink = rangeSink();
	await fileSystem.collectUsed(sink);
	expect(sink.ranges.at(-1)).toEqual([cluster(101), volume.length]);
});

describe('a boot sector that cannot be right', () => {
	type Boot = InstanceType<typeof ExfatBootSector>;
	test.each([
		['mustBeZero', (boot) => (boot.mustBeZero[52] = 1)],
		['bytesPerSectorShift', (boot) => (boot.bytesPerSectorShift = 13)],
		['sectorsPerClusterShift', (boot) => (boot.sectorsPerClusterShift = 17)],
		['volumeLength', (boot) => (boot.volumeLength = 10_000)],
		['fatCount', (boot) => (boot.fatCount = 3)],
		['revision', (boot) => (boot.revision = 0x200)],
		['clusterHeapOffset', (boot) => (boot.clusterHeapOffset = 0xffff_ffff)],
		['fatOffset', (boot) => (boot.fatOffset = 33)],
		['fatLength', (boot) => (boot.fatLength = 9)],
		['clusterCount', (boot) => (boot.clusterCount = 101)],
		['rootCluster', (boot) => (boot.rootCluster = 102)],
		['volumeFlags', (boot) => (boot.volumeFlags = 1)],
	] as [string, (boot: Boot) => void][])('%s', async (field, change) => {
		const volume = smallExfat();
		change(new ExfatBootSector(volume));
		sealExfat(volume);
		await expect(open(volume)).rejects.toMatchObject({ code: 'structure-damaged' });
		await expect(open(volume)).rejects.toThrow(`exFAT boot sector ${field} at byte`);
	});

	test('a volume cut short', async () => {
		await expect(open(smallExfat().subarray(0, 6000))).rejects.toMatchObject({ code: 'structure-damaged' });
		expect(await open(smallExfat().subarray(0, 300))).toBeUndefined();
	});
});

test.each([
	[0b01, 'cluster 3 of the root directory'],
	[0b10, 'cluster 2 of the allocation bitmap'],
])('a bitmap that says %i of the clusters that it and the root directory are in', async (bits, what) => {
	const volume = smallExfat();
	volume[heap] = bits;
	const fileSystem = (await open(volume))!;
	expect(fileSystem.info.dirty).toContain(what);
	await expect(fileSystem.collectUsed(rangeSink())).rejects.toMatchObject({ code: 'structure-damaged' });
});

test('a bitmap that is too short, or whose chain is', async () => {
	const volume = smallExfat();
	new BitmapEntry(volume, cluster(3) + 32).dataLength = 12;
	await expect(open(volume)).rejects.toThrow(/bitmap length.*at least 13, found 12/);
	const broken = smallExfat();
	new DataView(broken.buffer).setUint32(24 * 512 + 8, 7, true);
	await expect(open(broken)).rejects.toMatchObject({ code: 'structure-damaged' });
});
