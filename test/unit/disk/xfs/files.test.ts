import { describe, expect, test } from 'vitest';
import { readBytes } from '../../../../src/base/bytes.ts';
import { isAfterimageError } from '../../../../src/base/errors.ts';
import type { FileNode, FolderNode, LinkNode } from '../../../../src/disk/files.ts';
import { inodeTime } from '../../../../src/disk/xfs/files/inode-time.ts';
import { putExtent } from './file-records.ts';
import { blockSize, inodes, linkTarget, makeFileSample, type FileSample } from './file-sample.ts';
import { openFiles, treeText } from './tree-text.ts';

async function node<T>(sample: FileSample, path: string): Promise<T> {
	let found: unknown = (await openFiles(sample.volume)).root;
	for (const name of path.split('/')) {
		found = (await (found as FolderNode).list()).find((child) => child.name === name);
	}
	return found as T;
}

const kinds = [
	['version 5', 5, true],
	['version 4 with kinds in folders', 4, true],
	['version 4 without', 4, false],
] as const;

describe.each(kinds)('%s', (_, version, entryKinds) => {
	test('lists every kind of folder, and what lies in it', async () => {
		const text = await treeText(makeFileSample(version, entryKinds).volume);
		const time = 1_700_000_000_005;
		expect([...text].map(([path, what]) => `${path}: ${what.slice(0, 40)}`.trimEnd())).toEqual([
			`: folder 755 ${time}`,
			expect.stringMatching(`^/file: file 640 ${time} 8292 \0`),
			expect.stringMatching(`^/tree: file 640 ${time} 40960 \u0001`),
			`/folder: folder 755 ${time}`,
			`/folder/short link: link 777 ${time} file`,
			`/folder/empty: file 640 ${time} 0`,
			expect.stringMatching(`^/folder/long link: link 777 ${time} target/target/`),
			`/pipe: special 600 ${time} pipe`,
			'/realtime: not-supported: realtime lies on the real',
			`/whole: folder 755 ${time}`,
			`/whole/a\\xff: file 640 ${time} 0`,
		]);
	});

	test('reads holes and what was reserved as zeros, and each piece from its place', async () => {
		const source = await (await node<FileNode>(makeFileSample(version, entryKinds), 'file')).open();
		const expected = new Uint8Array(8 * blockSize + 100);
		expected.fill(0x40, blockSize, 2 * blockSize);
		expected.fill(0x41, 2 * blockSize, 3 * blockSize);
		expected.fill(0x66, 6 * blockSize);
		expect(await readBytes(source, 0, source.size)).toEqual(expected);
		for (let at = 0; at + 700 <= source.size; at += 333) {
			expect(await readBytes(source, at, 700)).toEqual(expected.slice(at, at + 700));
		}
		await expect(readBytes(source, 8 * blockSize, 101)).rejects.toThrow(/lie outside/);
	});

	test('reads the extents of a B+tree', async () => {
		const source = await (await node<FileNode>(makeFileSample(version, entryKinds), 'tree')).open();
		const bytes = await readBytes(source, 0, source.size);
		for (let block = 0; block < 40; block++) {
			const value = block % 2 === 0 ? block / 2 + 1 : 0;
			expect(bytes.subarray(block * blockSize, (block + 1) * blockSize).every((byte) => byte === value)).toBe(true);
		}
	});

	test('reads a long target, from two pieces in version 5', async () => {
		expect(await (await node<LinkNode>(makeFileSample(version, entryKinds), 'folder/long link')).target()).toBe(
			linkTarget,
		);
	});
});

test('reads what touches in the file and on the disk with one call, and overwrites what the target held', async () => {
	const sample = makeFileSample(5);
	const { volume } = sample;
	const pieces = [
		{ start: 1, block: 32, count: 1 },
		{ start: 2, block: 33, count: 1 },
		{ start: 3, block: 300, count: 1 },
		{ start: 7, block: 301, count: 1 },
	];
	pieces.forEach((piece, i) => putExtent(volume.bytes, sample.fork(inodes.file) + 16 * i, piece));
	sample.seal();
	const reads: [offset: number, length: number][] = [];
	const source = {
		size: volume.size,
		read: (offset: number, target: Uint8Array) => {
			reads.push([offset / blockSize, target.length / blockSize]);
			return volume.read(offset, target);
		},
	};
	const file = (await (await openFiles(source)).root.list()).find(({ name }) => name === 'file') as FileNode;
	const opened = await file.open();
	reads.length = 0;
	const target = new Uint8Array(opened.size).fill(0xee);
	await opened.read(0, target);
	expect(reads).toEqual([
		[32, 2],
		[300, 1],
		[301, 1],
	]);
	expect([0, 1, 2, 3, 4, 6, 7, 8].map((block) => target[block * blockSize + 50])).toEqual([
		...[0, 0x40, 0x41, 0x66, 0, 0, 0x66, 0],
	]);
	reads.length = 0;
	await opened.read(3 * blockSize, target.subarray(0, blockSize));
	expect(reads).toEqual([[300, 1]]);
});

test('tells whether names differ by case alone', async () => {
	const sample = makeFileSample(4);
	expect((await openFiles(sample.volume)).caseSensitive).toBe(true);
	sample.sb.versionnum |= 0x4000;
	expect((await openFiles(sample.volume)).caseSensitive).toBe(false);
});

test.each([
	['a realtime volume by groups or with a metadata directory', 0x100, /metadata directory/],
	['a zoned volume', 0x200, /zoned/],
	['features that are not known', 0x8000_0000, /0x80000000/],
])('refuses %s', async (_, bit, reason) => {
	const sample = makeFileSample(5);
	sample.sb.featuresIncompat = (sample.sb.featuresIncompat | bit) >>> 0;
	sample.seal();
	const error: unknown = await openFiles(sample.volume).catch((failure: unknown) => failure);
	expect(isAfterimageError(error, 'not-supported')).toBe(true);
	expect((error as Error).message).toMatch(reason);
});

test('reads a volume that wants a repair: what it meets is checked', async () => {
	const sample = makeFileSample(5);
	sample.sb.featuresIncompat |= 0x10;
	sample.seal();
	expect((await treeText(sample.volume)).get('/folder/short link')).toMatch(/ file$/);
});

test('refuses folders of version 1', async () => {
	const sample = makeFileSample(4);
	sample.sb.versionnum &= ~0x2000;
	await expect(openFiles(sample.volume)).rejects.toMatchObject({ code: 'not-supported' });
});

test.each([
	[0n, false, 0],
	[(1_700_000_000n << 32n) | 999_999_999n, false, 1_700_000_000_999],
	// One second and a half before 1970: the nanoseconds count forward.
	[(0xffff_fffen << 32n) | 500_000_000n, false, -1500],
	[0x7fff_ffffn << 32n, false, 2 ** 31 * 1000 - 1000],
	[0n, true, -(2 ** 31) * 1000],
	[(2n ** 31n + 4_102_444_800n) * 1_000_000_000n + 250_000_000n, true, 4_102_444_800_250],
	[2n ** 64n - 1n, true, 16_299_260_425_709],
])('the time %s (big: %s) is %s', (stored, big, expected) => {
	expect(inodeTime(stored, big)).toBe(expected);
});

test('counts extents in 64 bits where the inode says so', async () => {
	const sample = makeFileSample(5);
	const inode = sample.inode(inodes.tree);
	inode.flags2 = 0x18n;
	inode.bigNextents = 20;
	inode.nextents = 0;
	inode.mtime = 2n ** 31n * 1_000_000_000n + 7_000_000n;
	sample.seal();
	expect((await treeText(sample.volume)).get('/tree')).toContain('file 640 7 40960 \u0001');
});
