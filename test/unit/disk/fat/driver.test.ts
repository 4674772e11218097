import { describe, expect, test } from 'vitest';
import { MemoryBytes, type ByteSource } from '../../../../src/base/bytes.ts';
import { fatDriver } from '../../../../src/disk/fat/driver.ts';
import { FatBootSector, Fat32Fields, FatExtension } from '../../../../src/disk/fat/structures.ts';
import { rangeSink, setFatEntry, smallFat } from '../small-volumes.ts';

const types = ['FAT12', 'FAT16', 'FAT32'] as const;
const fatAt = 1024;

const open = (volume: Uint8Array) => fatDriver.open(new MemoryBytes(volume), {});

test.each(types)('%s: what is in use', async (type) => {
	const volume = smallFat(type);
	const fileSystem = (await open(volume))!;
	const { info } = fileSystem;
	const data = info.reservedBytes;
	expect(info).toEqual({
		type,
		label: 'SMALL VOL',
		uuid: '1A2B-3C4D',
		size: volume.length,
		used: data + 4 * 512,
		free: volume.length - data - 4 * 512,
		clusterSize: 512,
		totalClusters: type === 'FAT16' ? 5000 : 500,
		freeClusters: type === 'FAT16' ? 4996 : 496,
		dirty: undefined,
		reservedBytes: data,
	});
	const sink = rangeSink();
	await fileSystem.collectUsed(sink);
	expect(sink.ranges).toEqual([
		[0, data + 3 * 512],
		[data + 7 * 512, data + 8 * 512],
	]);
});

test('a FAT that is read in several pieces', async () => {
	const clusters = 500_000;
	const fatLength = Math.ceil(((clusters + 2) * 4) / 512) * 512;
	const data = fatAt + 2 * fatLength;
	const start = new Uint8Array(data);
	start.set(smallFat('FAT32').subarray(0, fatAt));
	const boot = new FatBootSector(start);
	boot.totalSectors16 = 0;
	boot.totalSectors32 = data / 512 + clusters;
	new Fat32Fields(start, 0x24).sectorsPerFat = fatLength / 512;
	const used = [2, 65_535, 65_536, 196_607, 196_608, 196_609, 262_144, 393_215, 393_216, 500_001];
	for (const fat of [fatAt, fatAt + fatLength]) {
		for (const [i, value] of [[0, 0x0fff_fff8], [1, 0x0fff_ffff], ...used.map((cluster) => [cluster, 0x0fff_ffff])]) {
			setFatEntry(start, fat, 'FAT32', i!, value!);
		}
	}
	const source: ByteSource = {
		size: data + clusters * 512,
		async read(offset, target) {
			target.fill(0);
			target.set(start.subarray(offset, Math.max(offset, Math.min(data, offset + target.length))));
		},
	};
	const fileSystem = (await fatDriver.open(source, {}))!;
	const found: number[] = [];
	await fileSystem.collectUsed({
		add(from, to) {
			for (let at = Math.max(from, data); at < to; at += 512) found.push((at - data) / 512 + 2);
		},
	});
	expect(found).toEqual(used);
	setFatEntry(start, fatAt + fatLength, 'FAT32', 450_000, 7);
	const at = fatAt + fatLength + 450_000 * 4;
	expect((await fatDriver.open(source, {}))!.info.dirty).toContain(`FAT 2 differs from FAT 1 at byte ${at}:`);
});

test('what follows the last cluster counts as used', async () => {
	const volume = new Uint8Array(smallFat('FAT16').length + 5000);
	volume.set(smallFat('FAT16'));
	const fileSystem = (await open(volume))!;
	const { info } = fileSystem;
	const sink = rangeSink();
	await fileSystem.collectUsed(sink);
	expect(info.size).toBe(volume.length - 5000);
	expect(sink.ranges.at(-1)).toEqual([volume.length - 5000, volume.length]);
});

test('the boot sector serves for a label when the root directory has none', async () => {
	const volume = smallFat('FAT16');
	new FatExtension(volume, 0x24).label = 'FROM BOOT';
	const { info } = (await open(volume))!;
	volume[info.reservedBytes - 1024 + 11] = 0x0f;
	expect((await open(volume))!.info.label).toBe('FROM BOOT');
});

describe('contradictions are the reason for distrust', () => {
	const dirtyAfter = async (type: (typeof types)[number], index: number, value: number, both = true) => {
		const volume = smallFat(type);
		const second = fatAt + ((await open(volume))!.info.reservedBytes - fatAt - (type === 'FAT32' ? 0 : 1024)) / 2;
		setFatEntry(volume, fatAt, type, index, value);
		if (both) setFatEntry(volume, second, type, index, value);
		const fileSystem = (await open(volume))!;
		if (fileSystem.info.dirty !== undefined) {
			await expect(fileSystem.collectUsed(rangeSink())).rejects.toMatchObject({ code: 'structure-damaged' });
		}
		return fileSystem.info.dirty;
	};

	test.each(types)('%s', async (type) => {
		expect(await dirtyAfter(type, 4, 9)).toBeUndefined();
		expect(await dirtyAfter(type, 4, 20)).toMatch(
			/entry of cluster 20, which a chain needs, .*expected in use, found free/,
		);
		expect(await dirtyAfter(type, 3, 0)).toMatch(/entry of cluster 3, which a chain needs/);
		expect(await dirtyAfter(type, 4, type === 'FAT16' ? 5002 : 502)).toMatch(
			/entry of cluster 4 .*expected below \d+, found \d+/,
		);
		expect(await dirtyAfter(type, 30, 1, false)).toMatch(/FAT 2 differs from FAT 1/);
	});

	test('the first two entries may differ between the FATs', async () => {
		const volume = smallFat('FAT16');
		setFatEntry(volume, fatAt, 'FAT16', 0, 0xfff0);
		expect((await open(volume))!.info.dirty).toBeUndefined();
	});

	test('a FAT32 without mirroring goes by its active FAT', async () => {
		const volume = smallFat('FAT32');
		new Fat32Fields(volume, 0x24).flags = 0x81;
		setFatEntry(volume, fatAt, 'FAT32', 40, 41);
		expect((await open(volume))!.info).toMatchObject({ dirty: undefined, freeClusters: 496 });
		new Fat32Fields(volume, 0x24).flags = 0x83;
		await expect(open(volume)).rejects.toThrow(/active FAT/);
	});
});

describe('a boot sector that cannot be right', () => {
	const changed = (change: (boot: InstanceType<typeof FatBootSector>) => void, named = true) => {
		const volume = smallFat('FAT16');
		change(new FatBootSector(volume));
		if (!named) new FatExtension(volume, 0x24).typeName = 'ANOTHER';
		return open(volume);
	};

	test.each([
		['bytes per sector', (boot) => (boot.bytesPerSector = 513)],
		['sectors per cluster', (boot) => (boot.sectorsPerCluster = 0)],
		['reserved sectors', (boot) => (boot.reservedSectors = 0)],
		['number of FATs', (boot) => (boot.fatCount = 0)],
		['media byte', (boot) => (boot.media = 1)],
		['total sectors', (boot) => (boot.totalSectors16 = 0)],
		['volume size', (boot) => (boot.totalSectors16 = 0xffff)],
		['root directory entries', (boot) => (boot.rootEntries = 0)],
		['cluster count', (boot) => (boot.totalSectors16 = 30)],
		['entries of a FAT', (boot) => (boot.sectorsPerFat16 = 3)],
	] as [string, (boot: InstanceType<typeof FatBootSector>) => void][])('%s', async (what, change) => {
		await expect(changed(change)).rejects.toMatchObject({ code: 'structure-damaged' });
		await expect(changed(change)).rejects.toThrow(`FAT boot sector: ${what}`);
		expect(await changed(change, false)).toBeUndefined();
	});

	test('no mark or no jump is no FAT', async () => {
		expect(await changed((boot) => (boot.mark = 0))).toBeUndefined();
		expect(await changed((boot) => (boot.jump = new Uint8Array(3)))).toBeUndefined();
		expect(await open(new Uint8Array(100))).toBeUndefined();
	});
});
