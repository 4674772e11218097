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

test('a bitmap that is too short, or whose chain is', async () => {
	const volume = smallExfat();
	new BitmapEntry(volume, cluster(3) + 32).dataLength = 12;
	await expect(open(volume)).rejects.toThrow(/bitmap length.*at least 13, found 12/);
	const broken = smallExfat();
	new DataView(broken.buffer).setUint32(24 * 512 + 8, 7, true);
	await expect(open(broken)).rejects.toMatchObject({ code: 'structure-damaged' });
});
