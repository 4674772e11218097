import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBytes } from '../../../../src/base/bytes.ts';
import { exfatDriver } from '../../../../src/disk/exfat/driver.ts';
import { setChecksum } from '../../../../src/disk/exfat/entry-set.ts';
import { FileEntry, StreamEntry } from '../../../../src/disk/exfat/structures.ts';
import type { FileNode, FileTree } from '../../../../src/disk/files.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { decompressors, hashFileTree, walkTree } from '../../../support/walk-tree.ts';

requireRoot();
requireTools(['mkfs.exfat', 'fsck.exfat', 'mount.exfat-fuse', 'losetup']);
const temp = useTempFolder();
const MiB = 1024 * 1024;

/** exfat-fuse wants a block device, and mkfs.exfat takes the sector size from one. */
function withFiles<T>(image: string, sectorSize: number, fn: (folder: string) => Promise<T>): Promise<T> {
	const server = { command: 'mount.exfat-fuse', args: ['-d'] };
	return withLoopDevice(image, { sectorSize }, (device) => mounted(device, server, fn));
}

async function made(size: number, sectorSize: number, options: readonly string[]): Promise<string> {
	const image = await sparseFile(temp.file('volume.img'), size);
	await withLoopDevice(image, { sectorSize }, (device) => run('mkfs.exfat', [...options, device]));
	return image;
}

async function withTree<T>(image: string, fn: (tree: FileTree) => Promise<T>): Promise<T> {
	const source = await fileSource(image);
	try {
		const fileSystem = (await exfatDriver.open(source, {}))!;
		return await fn(await fileSystem.openFiles!({ decompressors }));
	} finally {
		await source.close();
	}
}

interface Seen {
	readonly hashes: Map<string, string>;
	/** Seconds of every file. */
	readonly times: Map<string, number>;
}

async function seenIn(folder: string): Promise<Seen> {
	const hashes = await hashTree(folder);
	const times = new Map<string, number>();
	for (const path of hashes.keys()) times.set(path, Math.floor((await stat(join(folder, path))).mtimeMs / 1000));
	return { hashes: new Map([...hashes].sort(([a], [b]) => (a < b ? -1 : 1))), times };
}

async function expectSeen(image: string, { hashes, times }: Seen): Promise<void> {
	await withTree(image, async (tree) => {
		expect(tree.caseSensitive).toBe(false);
		expect(await hashFileTree(tree)).toEqual(hashes);
		const found = new Map<string, number>();
		await walkTree(tree, (path, { modified }) => void found.set(path, Math.floor(modified! / 1000)));
		expect([...found].sort()).toEqual([...times].sort());
	});
}

describe.each([
	{ size: 8 * MiB, sectorSize: 512, options: ['-c', '512'], fill: 2 * MiB, files: 60 },
	{ size: 64 * MiB, sectorSize: 512, options: [], fill: 20 * MiB, files: 200 },
	{ size: 256 * MiB, sectorSize: 512, options: ['-c', '128K'], fill: 40 * MiB, files: 200 },
	{ size: 300 * MiB, sectorSize: 4096, options: ['-c', '4K'], fill: 40 * MiB, files: 200 },
])('$size bytes with sectors of $sectorSize made with $options', ({ size, sectorSize, options, fill, files }) => {
	test('has the files that were put in', async () => {
		const image = await made(size, sectorSize, options);
		const seen = await withFiles(image, sectorSize, async (folder) => {
			await fillFolder(folder, 7, { files, bytes: fill, unicode: true });
			const random = randomNumbers(9);
			for (const path of await readdir(folder, { recursive: true })) {
				const seconds = 315_619_200 + random.below(3_700_000_000);
				await utimes(join(folder, path), seconds, seconds);
			}
			return seenIn(folder);
		});
		expect(seen.hashes.size).toBeGreaterThan(files / 2);
		await expectSeen(image, seen);
	});
});

test('has files that lie in pieces, and the thousands of files of a folder', async () => {
	const image = await made(8 * MiB, 512, ['-c', '512']);
	const random = randomNumbers(10);
	const names = Array.from({ length: 2000 }, (_, i) => `number ${i} of many files 🗂`);
	const seen = await withFiles(image, 512, async (folder) => {
		const write = (name: string, bytes: number) => writeFile(join(folder, name), random.fill(new Uint8Array(bytes)));
		for (const name of names) await write(name, 1 + random.below(3500));
		for (let i = 0; i < names.length; i += 2) await rm(join(folder, names[i]!));
		for (let i = 0; i < 10; i++) await write(`large ${i}`, 250_001);
		return seenIn(folder);
	});
	expect(seen.hashes.size).toBe(1010);
	await expectSeen(image, seen);
});

// exfat-fuse shows there what the clusters hold; the specification, section 7.6.5, wants zeros.
test('reads zeros behind what was written', async () => {
	const image = await made(8 * MiB, 512, []);
	await withFiles(image, 512, (folder) => writeFile(join(folder, 'half written'), new Uint8Array(20_000).fill(7)));
	const bytes = await readFile(image);
	const name = Buffer.from('half', 'utf16le');
	const at = bytes.indexOf(name) - 2 - 64;
	const set = bytes.subarray(at, at + 32 * (1 + bytes[at + 1]!));
	new StreamEntry(set, 32).validDataLength = 12_345;
	new FileEntry(set).checksum = setChecksum(set);
	await writeFile(image, bytes);
	await withLoopDevice(image, { sectorSize: 512 }, (device) => run('fsck.exfat', ['-n', device]));
	const content = await withTree(image, async ({ root }) => {
		const file = (await root.list()).find(({ name }) => name === 'half written') as FileNode;
		return readBytes(await file.open(), 0, file.size);
	});
	expect(content.length).toBe(20_000);
	expect(content.findIndex((byte) => byte !== 7)).toBe(12_345);
	expect(content.findLastIndex((byte) => byte !== 0)).toBe(12_344);
});
