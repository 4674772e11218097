import { createServer } from 'node:net';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBytes } from '../../../../src/base/bytes.ts';
import { extDriver } from '../../../../src/disk/ext/driver.ts';
import type { FileNode, FileTree, FolderNode, TreeNode } from '../../../../src/disk/files.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { decompressors } from '../../../support/walk-tree.ts';
import { factsOfFolder, factsOfTree, withTree } from './tree.ts';

const temp = useTempFolder();
requireRoot();
requireTools(['mke2fs', 'debugfs', 'e2fsck', 'mknod', 'mkfifo', 'fallocate', 'truncate']);

async function make(mebibytes: number, ...args: string[]): Promise<string> {
	const image = await sparseFile(temp.file('image.img'), mebibytes * 1024 * 1024);
	await run('mke2fs', ['-q', '-F', ...args, image]);
	return image;
}

async function debugfs(image: string, ...commands: string[]): Promise<string> {
	return (await run('debugfs', ['-w', '-f', '-', image], { input: commands.join('\n') })).stdout;
}

async function find(tree: FileTree, path: string): Promise<TreeNode> {
	let node: TreeNode = tree.root;
	for (const name of path.split('/')) {
		node = (await (node as FolderNode).list()).find((entry) => entry.name === name)!;
	}
	return node;
}

async function content(tree: FileTree, path: string) {
	return ((await find(tree, path)) as FileNode).open();
}

/** Writes `length` random bytes at each of the places. */
async function writeAt(path: string, places: readonly number[], length: number): Promise<void> {
	const random = randomNumbers(places.length);
	const handle = await open(path, 'w');
	for (const place of places) await handle.write(random.fill(new Uint8Array(length)), 0, length, place);
	await handle.close();
}

/** Compares pieces of a file: around every place, and some in between. */
async function comparePieces(image: string, name: string, places: readonly number[]): Promise<void> {
	await mounted(image, ['-o', 'loop,ro'], async (folder) => {
		const handle = await open(join(folder, name), 'r');
		await withTree(image, async (tree) => {
			const source = await content(tree, name);
			expect(source.size).toBe((await handle.stat()).size);
			for (const place of places) {
				const from = Math.max(0, place - 5000);
				const length = Math.min(300_001, source.size - from);
				const expected = new Uint8Array(length);
				await handle.read(expected, 0, length, from);
				expect(expected.some((byte) => byte !== 0)).toBe(true);
				expect(Buffer.compare(await readBytes(source, from, length), expected), `${name} at ${place}`).toBe(0);
			}
		});
		await handle.close();
	});
}

test.each(['ext2', 'ext4'])('20,000 entries and an index, on %s', { timeout: 60_000 }, async (type) => {
	const image = await make(64, '-t', type, '-b', '1024', '-N', '24000');
	await mounted(image, ['-o', 'loop'], async (folder) => {
		await mkdir(join(folder, 'many'));
		for (let i = 0; i < 20_000; i++) await writeFile(join(folder, `many/file number ${i * 7919}`), '');
	});
	expect(await debugfs(image, 'htree many')).toContain('Indirect levels: 1');
	const facts = await mounted(image, ['-o', 'loop,ro'], (folder) => factsOfFolder(folder));
	await withTree(image, async (tree) => {
		expect(((await find(tree, 'many')) as FolderNode).kind).toBe('folder');
		const found = await factsOfTree(tree);
		expect(found.size).toBe(20_001);
		expect(found).toEqual(facts);
	});
});

test('a deep extent tree, holes, and extents that were never written', { timeout: 60_000 }, async () => {
	const image = await make(100, '-t', 'ext4', '-b', '1024');
	const places = Array.from({ length: 30_000 }, (_, i) => i * 2048 + (i > 20_000 ? 3 * 2 ** 30 : 0));
	await mounted(image, ['-o', 'loop'], async (folder) => {
		await writeAt(join(folder, 'deep'), places, 1000);
		const unwritten = join(folder, 'unwritten');
		await run('fallocate', ['-l', '3000000', unwritten]);
		const handle = await open(unwritten, 'r+');
		await handle.write(new Uint8Array(10_000).fill(7), 0, 10_000, 1_234_567);
		await handle.close();
	});
	expect(await debugfs(image, 'dump_extents -l deep')).toMatch(/ 3\/ 3 /);
	expect(await debugfs(image, 'dump_extents unwritten')).toContain('Uninit');
	await comparePieces(
		image,
		'deep',
		[0, 1, 999, 20_000, 20_001, 29_999].map((i) => places[i]!),
	);
	await withTree(image, async (tree) => {
		const unwritten = await readBytes(await content(tree, 'unwritten'), 0, 3_000_000);
		const expected = new Uint8Array(3_000_000).fill(7, 1_234_567, 1_244_567);
		expect(Buffer.compare(unwritten, expected)).toBe(0);
	});
});

describe.each(['ext2', 'ext4'])('a sparse file of many gigabytes on %s', (type) => {
	test('reads as the system reads it', { timeout: 60_000 }, async () => {
		const image = await make(64, '-t', type, '-b', '1024');
		const places = [0, 11_000, 200_000, 270_000, 50_000_000, 67_383_296, 67_383_300, 5e9, 16e9];
		await mounted(image, ['-o', 'loop'], async (folder) => {
			await writeAt(join(folder, 'sparse'), places, 40_000);
		});
		if (type === 'ext2') expect(await debugfs(image, 'stat sparse')).toContain('(TIND)');
		await comparePieces(image, 'sparse', places);
		await withTree(image, async (tree) => {
			const hole = await readBytes(await content(tree, 'sparse'), 9e9, 3_000_000);
			expect(hole.every((byte) => byte === 0)).toBe(true);
		});
	});
});

test('pipes, sockets and devices', async () => {
	const image = await make(16, '-t', 'ext4');
	const facts = await mounted(image, ['-o', 'loop'], async (folder) => {
		await run('mkfifo', [join(folder, 'a pipe')]);
		await run('mknod', [join(folder, 'a disk'), 'b', '7', '300']);
		await run('mknod', [join(folder, 'a terminal'), 'c', '4', '1']);
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(join(folder, 'a socket'), resolve));
		const found = await factsOfFolder(folder);
		await new Promise((resolve) => server.close(resolve));
		await run('mknod', [join(folder, 'a pipe too'), 'p']);
		return found;
	});
	await withTree(image, async (tree) => {
		const found = await factsOfTree(tree);
		expect([...found].map(([name, [kind]]) => [name, kind])).toEqual([
			['a disk', 'block device'],
			['a pipe', 'pipe'],
			['a pipe too', 'pipe'],
			['a terminal', 'character device'],
		]);
		found.delete('a pipe too');
		facts.delete('a socket');
		expect(found).toEqual(facts);
	});
});

test('names and targets that are no UTF-8', async () => {
	const image = await make(16, '-t', 'ext4');
	await mounted(image, ['-o', 'loop'], async (folder) => {
		const name = Buffer.concat([Buffer.from(`${folder}/Gr`), Buffer.from([0xf6, 0xdf]), Buffer.from('e')]);
		await writeFile(name, 'latin');
		await run('sh', ['-c', String.raw`ln -s "$(printf 'a\377/x')" "$1"`, 'sh', join(folder, 'link')]);
		expect((await readdir(folder)).length).toBe(3);
	});
	await withTree(image, async (tree) => {
		const names = (await tree.root.list()).map(({ name }) => name).sort();
		expect(names).toEqual(['Gr\\xf6\\xdfe', 'link', 'lost+found']);
		const link = await find(tree, 'link');
		expect(link.kind === 'link' && (await link.target())).toBe('a\\xff/x');
		const source = await content(tree, 'Gr\\xf6\\xdfe');
		expect(Buffer.from(await readBytes(source, 0, 5)).toString()).toBe('latin');
	});
});

test('what fscrypt has encrypted is listed and not read', async () => {
	const image = await make(16, '-t', 'ext4', '-O', 'encrypt');
	await mounted(image, ['-o', 'loop'], async (folder) => {
		await mkdir(join(folder, 'secret'));
		const name = Buffer.concat([Buffer.from(`${folder}/secret/`), Buffer.from([0x81, 0x01, 0xfe])]);
		await writeFile(name, 'cipher');
		await run('ln', ['-s', 'x', join(folder, 'secret/link')]);
	});
	// The file's name cannot be typed: its inode follows that of its folder.
	await debugfs(
		image,
		'set_inode_field secret flags 0x80800',
		'set_inode_field <13> flags 0x80800',
		'set_inode_field secret/link flags 0x800',
	);
	await withTree(image, async (tree) => {
		const secret = (await find(tree, 'secret')) as FolderNode;
		const nodes = await secret.list();
		expect(nodes.map(({ name, kind }) => [kind, name]).sort()).toEqual([
			['file', '\\x81\x01\\xfe'],
			['link', 'link'],
		]);
		for (const node of nodes) {
			const opened = node.kind === 'file' ? node.open() : node.kind === 'link' ? node.target() : undefined;
			await expect(opened).rejects.toMatchObject({ code: 'not-supported' });
		}
	});
});

test('a volume that was not unmounted is read as it is', async () => {
	const image = await make(16, '-t', 'ext4');
	await mounted(image, ['-o', 'loop'], (folder) => writeFile(join(folder, 'kept'), 'written'));
	await debugfs(image, 'feature needs_recovery');
	await withTree(image, async (tree) => {
		expect(Buffer.from(await readBytes(await content(tree, 'kept'), 0, 7)).toString()).toBe('written');
	});
});

test('the inodes of a folder are read once, however its entries are ordered', async () => {
	const image = await make(32, '-t', 'ext4', '-b', '1024', '-I', '1024', '-N', '5000');
	const names = Array.from({ length: 4000 }, (_, i) => `file ${i}`);
	await mounted(image, ['-o', 'loop'], (folder) => run('touch', names, { cwd: folder }));
	const source = await fileSource(image);
	let read = 0;
	const counted = {
		size: source.size,
		read: (offset: number, target: Uint8Array) => {
			read += target.length;
			return source.read(offset, target);
		},
	};
	const fileSystem = await extDriver.open(counted, {});
	const { root } = await fileSystem!.openFiles!({ decompressors });
	expect((await root.list()).map(({ name }) => name).sort()).toEqual([...names, 'lost+found'].sort());
	await source.close();
	// 4 MB of inodes, and the folder.
	expect(read).toBeLessThan(6 * 1024 * 1024);
});
