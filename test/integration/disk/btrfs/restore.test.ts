import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { btrfsDriver } from '../../../../src/disk/btrfs/driver.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { copyUsed } from '../../../support/copy-used.ts';
import { fillFolder, hashTree } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';

requireRoot();
requireTools(['mkfs.btrfs', 'btrfs', 'btrfstune', 'btrfs-convert', 'mkfs.ext4', 'mount']);
const temp = useTempFolder();
const mebibyte = 1024 * 1024;

/** A field of the superblock by the name that dump-super gives it. */
async function superblockField(image: string, field: string): Promise<number> {
	const { stdout } = await run('btrfs', ['inspect-internal', 'dump-super', '-f', image]);
	return Number(new RegExp(`^${field}\\s+(\\d+)`, 'm').exec(stdout)![1]);
}

/** What every state of a file system must stand: a copy of its used blocks is whole, by the vendor's check and scrub. */
async function expectRestored(image: string, tree: Map<string, string>, granularity: number): Promise<void> {
	const target = temp.file('target');
	const { fileSystem, used } = await copyUsed(btrfsDriver, image, target, { blockSize: granularity });
	const { info } = fileSystem;
	expect(info.dirty).toBeUndefined();
	expect(info.used).toBe(await superblockField(image, 'bytes_used'));
	expect(info.size).toBe(await superblockField(image, 'dev_item.total_bytes'));
	expect(info.clusterSize).toBe(await superblockField(image, 'sectorsize'));
	expect(used.usedBytes()).toBeGreaterThanOrEqual(info.used);
	expect(used.usedBytes()).toBeLessThan(info.size);
	const { stdout } = await run('blkid', ['-p', image]);
	expect(`UUID="${info.uuid}"`).toBe(/ UUID="[^"]*"/.exec(stdout)![0].trim());
	await run('btrfs', ['device', 'scan', '--forget'], { codes: [0, 1] });
	await run('btrfs', ['check', '--readonly', '--check-data-csum', target]);
	const restored = await mounted(target, ['-o', 'loop,ro'], async (folder) => {
		// Scrub reads every copy and reports also what another copy makes up for.
		const scrub = await run('btrfs', ['scrub', 'start', '-B', '-r', folder]);
		expect(scrub.stdout).toContain('no errors found');
		return hashTree(folder);
	});
	expect(restored).toEqual(tree);
	await run('btrfs', ['device', 'scan', '--forget'], { codes: [0, 1] });
}

/** Subvolumes, snapshots, shared extents, compressed files, holes left by deletions. */
async function fill(folder: string, seed: number): Promise<void> {
	await run('btrfs', ['subvolume', 'create', join(folder, 'volume')]);
	await fillFolder(join(folder, 'volume'), seed, { files: 250, bytes: 20 * mebibyte, unicode: true, links: true });
	await run('btrfs', ['subvolume', 'snapshot', '-r', join(folder, 'volume'), join(folder, 'snapshot')]);
	await run('cp', ['-r', '--reflink=always', join(folder, 'volume'), join(folder, 'clone')]);
	for (let i = 0; i < 400; i++) await writeFile(join(folder, `small ${i}`), 'x'.repeat(100 + i * 20));
	await run('sync', ['-f', folder]);
	for (let i = 0; i < 400; i += 2) await rm(join(folder, `small ${i}`));
	const text = join(folder, 'compressed');
	await writeFile(text, 'compress me '.repeat(200_000));
	await run('btrfs', ['filesystem', 'defragment', '-czstd', text]);
}

const cases: [name: string, mkfs: string, mount: string][] = [
	['the defaults', '-L Data-ü', ''],
	['one copy of metadata, nodes of 4 KiB', '-m single -n 4096', ',compress=lzo'],
	['mixed chunks', '-M -n 4096', ''],
	['nodes of 64 KiB', '-n 65536', ''],
	['two copies of data too, old extent items', '-d dup -m dup -O ^skinny-metadata', ''],
	['a space cache in files, quotas', '-R ^free-space-tree,quota', ''],
	['xxhash', '--csum xxhash', ''],
	['SHA-256', '--csum sha256 -O ^no-holes', ''],
	['BLAKE2', '--csum blake2', ''],
];

test.each(cases)('a restored file system with %s is whole', async (name, options, mount) => {
	const image = await sparseFile(temp.file('source'), 280 * mebibyte);
	await run('mkfs.btrfs', ['-q', ...options.split(' '), image]);
	const tree = await mounted(image, ['-o', `loop${mount}`], async (folder) => {
		await fill(folder, name.length);
		return hashTree(folder);
	});
	for (const granularity of [4096, 65536]) await expectRestored(image, tree, granularity);
});

test('after a balance, deleted snapshots and a new metadata UUID', async () => {
	const image = await sparseFile(temp.file('source'), 400 * mebibyte);
	await run('mkfs.btrfs', ['-q', '-n', '4096', image]);
	const tree = await mounted(image, ['-o', 'loop'], async (folder) => {
		await fill(folder, 3);
		await run('btrfs', ['subvolume', 'delete', '-c', join(folder, 'snapshot')]);
		await run('btrfs', ['balance', 'start', '--full-balance', folder]);
		return hashTree(folder);
	});
	await expectRestored(image, tree, 4096);
	await run('btrfs', ['device', 'scan', '--forget'], { codes: [0, 1] });
	await run('btrfstune', ['-m', image]);
	await expectRestored(image, tree, 4096);
});

test('converted from ext4', async () => {
	const image = await sparseFile(temp.file('source'), 300 * mebibyte);
	await run('mkfs.ext4', ['-q', '-b', '4096', image]);
	await mounted(image, ['-o', 'loop'], (folder) =>
		fillFolder(folder, 8, { files: 200, bytes: 20 * mebibyte, unicode: true }),
	);
	await run('btrfs-convert', ['--no-progress', image]);
	const tree = await mounted(image, ['-o', 'loop'], hashTree);
	expect([...tree.keys()]).toContain('ext2_saved/image');
	await expectRestored(image, tree, 4096);
});

test('every copy of a doubled chunk is in the map', async () => {
	const image = await sparseFile(temp.file('source'), 280 * mebibyte);
	await run('mkfs.btrfs', ['-q', '-d', 'dup', '-m', 'dup', image]);
	await mounted(image, ['-o', 'loop'], async (folder) => {
		await writeFile(join(folder, 'file'), randomNumbers(1).fill(new Uint8Array(10 * mebibyte)));
	});
	const source = await fileSource(image);
	try {
		const fileSystem = (await btrfsDriver.open(source, {}))!;
		const fixed: number[] = [];
		let sum = 0;
		await fileSystem.collectUsed({
			add(start, end) {
				if (start < mebibyte || start === 64 * mebibyte) fixed.push(start);
				else sum += end - start;
			},
		});
		expect(fixed).toEqual([0, 64 * 1024, 64 * mebibyte]);
		expect(sum).toBe(2 * fileSystem.info.used);
	} finally {
		await source.close();
	}
});

test('a large device has a third superblock', async () => {
	const image = await sparseFile(temp.file('large'), 257 * 1024 * mebibyte);
	await run('mkfs.btrfs', ['-q', image]);
	const source = await fileSource(image);
	try {
		const fileSystem = (await btrfsDriver.open(source, {}))!;
		const starts: number[] = [];
		await fileSystem.collectUsed({ add: (start) => starts.push(start) });
		expect(starts).toContain(256 * 1024 * mebibyte);
	} finally {
		await source.close();
	}
});
