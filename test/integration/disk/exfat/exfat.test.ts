import { open, readFile, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { exfatDriver } from '../../../../src/disk/exfat/driver.ts';
import { UsedBlocks } from '../../../../src/disk/used-blocks.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { copyUsed } from '../../../support/copy-used.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { mounted } from '../../../support/mounted.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

requireRoot();
requireTools(['mkfs.exfat', 'fsck.exfat', 'dump.exfat', 'mount.exfat-fuse', 'losetup', 'partclone.exfat']);
const temp = useTempFolder();
const MiB = 1024 * 1024;

/** exfat-fuse wants a block device, and mkfs.exfat takes the sector size from one. */
function withFiles<T>(image: string, sectorSize: number, fn: (folder: string) => Promise<T>): Promise<T> {
	const server = { command: 'mount.exfat-fuse', args: ['-d'] };
	return withLoopDevice(image, { sectorSize }, (device) => mounted(device, server, fn));
}

async function made(name: string, size: number, sectorSize: number, options: readonly string[]): Promise<string> {
	const image = await sparseFile(temp.file(name), size);
	await withLoopDevice(image, { sectorSize }, (device) => run('mkfs.exfat', [...options, device]));
	return image;
}

const cases = [
	{ size: 8 * MiB, sectorSize: 512, options: ['-c', '512'], fill: 2 * MiB, files: 60 },
	{ size: 64 * MiB, sectorSize: 512, options: [], fill: 20 * MiB, files: 200 },
	{ size: 256 * MiB, sectorSize: 512, options: ['-c', '512', '--pack-bitmap'], fill: 40 * MiB, files: 200 },
	{ size: 256 * MiB, sectorSize: 512, options: ['-c', '128K', '-b', '64K'], fill: 60 * MiB, files: 200 },
	{ size: 300 * MiB, sectorSize: 4096, options: ['-c', '4K'], fill: 60 * MiB, files: 200 },
	{ size: 250 * MiB, sectorSize: 512, options: ['-c', '2M'], fill: 40 * MiB, files: 40 },
];

describe.each(cases)('$size bytes with sectors of $sectorSize made with $options', (entry) => {
	test('comes back from its used blocks', async () => {
		const image = await made('source.img', entry.size, entry.sectorSize, ['-L', 'Übung 日本', ...entry.options]);
		const { sectorSize } = entry;
		const target = temp.file('restored.img');
		const before = await withFiles(image, entry.sectorSize, async (folder) => {
			await fillFolder(folder, 7, { files: entry.files, bytes: entry.fill, unicode: true });
			return hashTree(folder);
		});
		const { fileSystem, used } = await copyUsed(exfatDriver, image, target, { blockSize: 65_536 });
		const { info } = fileSystem;
		expect(info).toMatchObject({ type: 'exFAT', label: 'Übung 日本', dirty: undefined, reservedBytes: 0 });
		if (entry.size > 10 * MiB) expect(used.used()).toBeLessThan(used.count * 0.8);

		await withLoopDevice(target, { sectorSize }, (device) => run('fsck.exfat', ['-n', device]));
		expect(await withFiles(target, entry.sectorSize, hashTree)).toEqual(before);

		const dump = (await withLoopDevice(image, { sectorSize }, (device) => run('dump.exfat', [device]))).stdout;
		const told = (name: string) => new RegExp(`${name}[^:]*:\\s*(\\S+)`).exec(dump)![1];
		expect(String(info.totalClusters)).toBe(told('Total Clusters'));
		expect(String(info.freeClusters)).toBe(told('Free Clusters'));
		expect(String(info.clusterSize)).toBe(told('Cluster size'));
		expect(info.uuid.replace('-', '').toLowerCase()).toBe(told('Volume Serial')!.slice(2).padStart(8, '0'));
		await rm(image);
		await rm(target);
	});
});

test('agrees with partclone on what is used', async () => {
	const image = await made('partclone.img', 128 * MiB, 512, []);
	await withFiles(image, 512, (folder) => fillFolder(folder, 9, { files: 200, bytes: 30 * MiB }));
	const source = await fileSource(image);
	const fileSystem = (await exfatDriver.open(source, {}))!;
	const sectors = new UsedBlocks(0, source.size, 512);
	await fileSystem.collectUsed(sectors);
	await source.close();
	// Its summary counts two clusters more than its own map has; the map is what it copies by.
	const clone = temp.file('partclone.pc');
	await run('partclone.exfat', ['-c', '-q', '-s', image, '-O', clone, '-L', temp.file('partclone.log')]);
	const map = (await readFile(clone)).subarray(110);
	const differing = Array.from({ length: sectors.count }, (_, i) => i).filter(
		(i) => sectors.has(i) !== (((map[i >>> 3]! >>> (i & 7)) & 1) === 1),
	);
	expect(differing).toEqual([]);
	expect(sectors.used()).toBeGreaterThan(40_000);
});

describe('distrust', () => {
	async function poked(change: { at: number; bytes: readonly number[] }[]) {
		const image = await made('distrust.img', 64 * MiB, 512, []);
		const handle = await open(image, 'r+');
		for (const { at, bytes } of change) await handle.write(Uint8Array.from(bytes), 0, bytes.length, at);
		await handle.close();
		const source = await fileSource(image);
		return exfatDriver.open(source, {}).finally(() => source.close());
	}

	test('a volume that was left mounted', async () => {
		expect((await poked([{ at: 0x6a, bytes: [2] }]))!.info.dirty).toMatch(/not cleanly unmounted/);
		expect((await poked([{ at: 0x6a, bytes: [4] }]))!.info.dirty).toMatch(/read or write errors/);
	});

	test('a boot region whose checksum is wrong, naming the backup', async () => {
		await expect(poked([{ at: 600, bytes: [1] }])).rejects.toMatchObject({
			code: 'structure-damaged',
			advice: expect.stringContaining('backup is right') as string,
		});
	});

	test('a bitmap that calls itself free', async () => {
		const heap = 4096 * 512;
		const fileSystem = (await poked([{ at: heap, bytes: [0] }]))!;
		expect(fileSystem.info.dirty).toMatch(/root directory|allocation bitmap/);
		await expect(fileSystem.collectUsed({ add() {} })).rejects.toMatchObject({ code: 'structure-damaged' });
	});

	test('a root directory without a bitmap, or in a loop', async () => {
		const heap = 4096 * 512;
		await expect(poked([{ at: heap + 3 * 4096 + 32, bytes: [0] }])).rejects.toThrow(/expected a bitmap/);
		await expect(poked([{ at: 2048 * 512 + 5 * 4, bytes: [5, 0, 0, 0] }])).rejects.toThrow(/at most \d+ clusters/);
	});
});
