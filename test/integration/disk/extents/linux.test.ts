import { mkdir, open, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sparseFile } from '../../../support/byte-files.ts';
import { fillFolder } from '../../../support/file-trees.ts';
import { mounted } from '../../../support/mounted.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { filefrag, toldExtents, union, type Extents, type Range } from './scene.ts';

requireTools(['mkfs.ext4', 'debugfs', 'mkfs.xfs', 'xfs_db', 'mkfs.btrfs', 'btrfs', 'filefrag', 'fallocate']);
requireRoot();
const temp = useTempFolder();
const mebibyte = 2 ** 20;
const blockSize = 4096;

/** Files of many kinds: small, large, with holes, in many pieces, with room that was never written; a large folder. */
async function fillWithPieces(folder: string): Promise<void> {
	await fillFolder(folder, 5, { files: 40, bytes: 4 * mebibyte, links: true });
	const data = randomNumbers(6).fill(new Uint8Array(blockSize));
	const pieces = await open(join(folder, 'pieces'), 'w');
	for (let i = 0; i < 700; i++) await pieces.write(data, 0, data.length, 2 * i * blockSize);
	await pieces.close();
	// The maps of ext3 have no place for it.
	await run('fallocate', ['-l', '1M', join(folder, 'reserved')], { codes: [0, 1] });
	const reserved = await open(join(folder, 'reserved'), 'r+');
	await reserved.write(data, 0, 100, 300_000);
	await reserved.close();
	await mkdir(join(folder, 'large'));
	for (let i = 0; i < 400; i++) await writeFile(join(folder, 'large', `a file with a long name, number ${i}`), '');
	const cut = join(folder, 'cut');
	await writeFile(cut, randomNumbers(7).fill(new Uint8Array(200_000)));
	await truncate(cut, 100_001);
}

/** Files and folders below one, the many empty ones left out. */
async function pathsIn(folder: string): Promise<{ files: string[]; folders: string[] }> {
	const [files, folders]: [string[], string[]] = [[], ['']];
	for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
		const path = relative(folder, join(entry.parentPath, entry.name));
		if (/^(lost\+found|large\/)/.test(path)) continue;
		if (entry.isDirectory()) folders.push(path);
		if (entry.isFile()) files.push(path);
	}
	return { files, folders };
}

async function byKernel(folder: string): Promise<Extents> {
	const { files } = await pathsIn(folder);
	const found = await filefrag(
		files.map((path) => join(folder, path)),
		blockSize,
	);
	return new Map(files.map((path) => [path, union(found.get(join(folder, path))!)]));
}

/** Holds that the product tells the same as a tool, block for block. */
function compare(told: Extents, expected: Extents): void {
	expect(expected.size).toBeGreaterThan(5);
	expect([...expected.values()].reduce((sum, ranges) => sum + bytesOf(ranges), 0)).toBeGreaterThan(mebibyte);
	for (const [path, ranges] of expected) {
		expect({ path, ranges: union(told.get(path) ?? [], blockSize) }).toEqual({ path, ranges });
	}
}

describe.each([
	['ext4', ['-O', '64bit']],
	['ext4 with the maps of ext3', ['-O', '^extents,^64bit']],
])('%s', (_, options) => {
	it('tells of every file and folder the blocks that debugfs and FIEMAP tell, those of its map among them', async () => {
		const image = await sparseFile(temp.file('ext.img'), 64 * mebibyte);
		await run('mkfs.ext4', ['-q', '-F', '-b', String(blockSize), ...options, image]);
		const paths = await mounted(image, ['-o', 'loop'], async (folder) => {
			await fillWithPieces(folder);
			await run('sync', ['-f', folder]);
			return { ...(await pathsIn(folder)), fiemap: await byKernel(folder) };
		});
		const byDebugfs = await debugfsBlocks(image, [...paths.files, ...paths.folders]);
		const told = await toldExtents(image);
		compare(told, byDebugfs);
		// Exact at the end: what lies behind it is of no file.
		expect(bytesOf(told.get('cut')!) % blockSize).toBe(100_001 % blockSize);
		let mapped = 0;
		for (const [path, ranges] of paths.fiemap) {
			const own = union(told.get(path)!, blockSize);
			expect({ path, ranges: union([...ranges, ...own]) }).toEqual({ path, ranges: own });
			mapped += bytesOf(own) - bytesOf(ranges);
		}
		// The maps are all that FIEMAP leaves out.
		expect(mapped).toBeGreaterThan(0);
		expect(mapped).toBeLessThan(64 * blockSize);
	});
});

function bytesOf(ranges: readonly Range[]): number {
	return ranges.reduce((sum, [start, end]) => sum + end - start, 0);
}

/** Blocks of inodes that were written, and those of their maps: `(0-3):40-43, (ETB0):99, (5[u]):7`. */
async function debugfsBlocks(image: string, paths: readonly string[]): Promise<Extents> {
	const commands = temp.file('commands');
	await writeFile(commands, paths.map((path) => `stat "/${path}"\n`).join(''));
	const { stdout } = await run('debugfs', ['-f', commands, image]);
	const found = new Map<string, Range[]>();
	for (const part of stdout.split(/^debugfs: stat /m).slice(1)) {
		const list = /^(?:EXTENTS|BLOCKS):\n([\s\S]*?)(?:\n\n|\nTOTAL|$(?!\n\())/m.exec(part)?.[1] ?? '';
		const ranges: Range[] = [];
		for (const [, of, first, last] of list.matchAll(/\(([^)]+)\):(\d+)(?:-(\d+))?/g)) {
			if (of!.includes('[u]')) continue;
			ranges.push([Number(first) * blockSize, (Number(last ?? first) + 1) * blockSize]);
		}
		found.set(/^"\/(.*)"/.exec(part)![1]!, union(ranges));
	}
	return found;
}

describe('XFS', () => {
	it('tells of every file and folder the blocks that xfs_db and FIEMAP tell', async () => {
		const image = await sparseFile(temp.file('xfs.img'), 320 * mebibyte);
		await run('mkfs.xfs', ['-q', image]);
		const { fiemap, inodes } = await mounted(image, ['-o', 'loop'], async (folder) => {
			await fillWithPieces(folder);
			await run('sync', ['-f', folder]);
			const { files, folders } = await pathsIn(folder);
			const numbers = new Map<string, number>();
			for (const path of [...folders, ...files]) numbers.set(path, (await stat(join(folder, path))).ino);
			return { fiemap: await byKernel(folder), inodes: numbers };
		});
		const byXfs = await xfsExtents(image, inodes);
		const told = await toldExtents(image);
		expect(bytesOf(byXfs.get('large')!)).toBeGreaterThan(4 * blockSize);
		for (const expected of [fiemap, byXfs]) {
			const withoutMaps = new Map(expected);
			// The one file whose extents need a tree: its blocks are told too, and by no tool. The other has room behind its end.
			for (const path of ['pieces', 'cut']) withoutMaps.delete(path);
			compare(told, withoutMaps);
			const pieces = union(told.get('pieces')!, blockSize);
			expect(union([...(expected.get('pieces') ?? []), ...pieces])).toEqual(pieces);
		}
		const tree = bytesOf(union(told.get('pieces')!, blockSize)) - bytesOf(byXfs.get('pieces')!);
		expect(tree).toBeGreaterThanOrEqual(blockSize);
		expect(tree).toBeLessThan(10 * blockSize);
		expect(bytesOf(told.get('cut')!)).toBe(100_001);
	});
});

/** All extents in data forks that were written, those of the hash tables of folders among them. */
async function xfsExtents(image: string, inodes: ReadonlyMap<string, number>): Promise<Extents> {
	const asked = [...inodes.values()].flatMap((inode) => [
		'-c',
		`inode ${inode}`,
		'-c',
		'print core.mode',
		'-c',
		'bmap',
	]);
	const { stdout } = await run('xfs_db', ['-r', '-c', 'sb 0', '-c', 'print agblocks', ...asked, image]);
	const [head, ...parts] = stdout.split(/^core\.mode.*$/m);
	const groupBlocks = Number(/agblocks = (\d+)/.exec(head!)![1]);
	const rows = /startblock \d+ \((\d+)\/(\d+)\) count (\d+) flag 0/g;
	return new Map(
		[...inodes.keys()].map((path, i) => {
			const ranges = [...parts[i]!.matchAll(rows)].map(([, group, block, count]): Range => {
				const start = (Number(group) * groupBlocks + Number(block)) * blockSize;
				return [start, start + Number(count) * blockSize];
			});
			return [path, union(ranges)] as const;
		}),
	);
}

describe.each([
	['single', []],
	['DUP', ['-d', 'dup']],
])('Btrfs, data %s', (_, options) => {
	it('tells of every file the places of its extents on the device, compressed ones as they are stored', async () => {
		const image = await sparseFile(temp.file('btrfs.img'), 256 * mebibyte);
		await run('mkfs.btrfs', ['-q', '-f', ...options, image]);
		const inodes = await mounted(image, ['-o', 'loop'], async (folder) => {
			await fillWithPieces(folder);
			const words = Array.from({ length: 60_000 }, (__, i) => `word${i % 300}`).join(' ');
			await run('btrfs', ['property', 'set', folder, 'compression', 'zstd']);
			await writeFile(join(folder, 'compressed'), words);
			await run('sync', ['-f', folder]);
			await run('cp', ['--reflink=always', join(folder, 'compressed'), join(folder, 'clone')]);
			const { files } = await pathsIn(folder);
			const found = new Map<string, number>();
			for (const path of files) found.set(path, (await stat(join(folder, path))).ino);
			return found;
		});
		const [items, chunks] = await Promise.all([dumped(image, 'fs'), dumped(image, 'chunk')]);
		const places = chunkPlaces(chunks);
		const byInode = dataExtents(items);
		const expected = new Map(
			[...inodes].map(([path, inode]) => [path, union((byInode.get(inode) ?? []).flatMap(places))]),
		);
		compare(await toldExtents(image), expected);
		expect(bytesOf(expected.get('compressed')!)).toBeGreaterThan(0);
		expect(bytesOf(expected.get('compressed')!)).toBeLessThan(200_000 * (options.length === 0 ? 1 : 2));
		expect(expected.get('clone')).toEqual(expected.get('compressed'));
	});
});

async function dumped(image: string, tree: string): Promise<string> {
	return (await run('btrfs', ['inspect-internal', 'dump-tree', '-t', tree, image])).stdout;
}

/** Logical addresses of what was written, by inode; of compressed extents all of it. */
function dataExtents(items: string): Map<number, Range[]> {
	const found = new Map<number, Range[]>();
	for (const [, inode, text] of items.matchAll(/key \((\d+) EXTENT_DATA \d+\)([\s\S]*?)(?=\titem |$)/g)) {
		const place = /type \d+ \(regular\)[\s\S]*?disk byte (\d+) nr (\d+)[\s\S]*?offset (\d+) nr (\d+)/.exec(text!);
		if (place === null) continue;
		const [at, stored, offset, length] = place.slice(1).map(Number) as [number, number, number, number];
		if (at === 0) continue;
		const isPlain = /compression 0 /.test(text!);
		const range: Range = isPlain ? [at + offset, at + offset + length] : [at, at + stored];
		found.set(Number(inode), [...(found.get(Number(inode)) ?? []), range]);
	}
	return found;
}

/** Where a range of logical addresses lies, once for each copy. */
function chunkPlaces(text: string): (range: Range) => Range[] {
	const chunks = [...text.matchAll(/CHUNK_ITEM (\d+)\)([\s\S]*?)(?=\titem |$)/g)].map(([, logical, item]) => ({
		start: Number(logical),
		length: Number(/length (\d+)/.exec(item!)![1]),
		stripes: [...item!.matchAll(/stripe \d+ devid \d+ offset (\d+)/g)].map(([, offset]) => Number(offset)),
	}));
	return ([start, end]) => {
		const chunk = chunks.find((one) => one.start <= start && end <= one.start + one.length)!;
		return chunk.stripes.map((at) => [at + start - chunk.start, at + end - chunk.start] as const);
	};
}
