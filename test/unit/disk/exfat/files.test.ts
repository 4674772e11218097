import { describe, expect, test } from 'vitest';
import { MemoryBytes, readBytes } from '../../../../src/base/bytes.ts';
import { exfatDriver } from '../../../../src/disk/exfat/driver.ts';
import { FileEntry, StreamEntry } from '../../../../src/disk/exfat/structures.ts';
import type { FileNode, FolderNode, TreeNode } from '../../../../src/disk/files.ts';
import { decompressors } from '../../../support/walk-tree.ts';
import { entrySet, joined, MadeExfat, type MadeSet } from './made-files.ts';

async function listed(volume: MadeExfat): Promise<readonly TreeNode[]> {
	const fileSystem = (await exfatDriver.open(new MemoryBytes(volume.bytes), {}))!;
	return (await fileSystem.openFiles!({ decompressors })).root.list();
}

async function content(node: TreeNode | undefined): Promise<Uint8Array> {
	const source = await (node as FileNode).open();
	return readBytes(source, 0, source.size);
}

const only = async (...sets: Uint8Array[]) => listed(new MadeExfat().root(...sets));
const numbered = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >>> 8)) & 0xff);

describe('contents', () => {
	test('of clusters that are neighbours, whatever the FAT says of them', async () => {
		const volume = new MadeExfat();
		const bytes = numbered(3000);
		volume.fill([20, 21, 22], bytes, false);
		volume.link(20, 7);
		volume.root(entrySet({ name: 'a', contiguous: true, firstCluster: 20, size: 3000 }));
		expect(await content((await listed(volume))[0])).toEqual(bytes);
	});

	test('of a chain, which may be longer than it need be', async () => {
		const volume = new MadeExfat();
		const bytes = numbered(5000);
		volume.fill([40, 41, 30, 50, 51, 60], bytes);
		volume.root(entrySet({ name: 'a', firstCluster: 40, size: 5000 }));
		const [file] = await listed(volume);
		expect(await content(file)).toEqual(bytes);
		const source = await (file as FileNode).open();
		expect(await readBytes(source, 2047, 1026)).toEqual(bytes.subarray(2047, 3073));
	});

	test('are zeros behind what was written', async () => {
		const volume = new MadeExfat();
		volume.fill([20, 30, 40], numbered(3072));
		volume.root(
			entrySet({ name: 'a', firstCluster: 20, size: 3000, validSize: 1500 }),
			entrySet({ name: 'b', firstCluster: 20, size: 3000, validSize: 0 }),
		);
		const [a, b] = await listed(volume);
		const wanted = new Uint8Array(3000);
		wanted.set(numbered(1500));
		expect(await content(a)).toEqual(wanted);
		expect(await content(b)).toEqual(new Uint8Array(3000));
		const source = await (a as FileNode).open();
		for (const at of [1400, 1499, 1500, 2900]) {
			const dirty = new Uint8Array(100).fill(9);
			await source.read(at, dirty);
			expect(dirty).toEqual(wanted.subarray(at, at + 100));
		}
	});

	test('of chains that are damaged', async () => {
		const opened = async (last: number) => {
			const volume = new MadeExfat();
			volume.fill([20, 30], numbered(2048));
			volume.link(30, last);
			return content((await listed(volume.root(entrySet({ name: 'a', firstCluster: 20, size: 2049 }))))[0]);
		};
		await expect(opened(0xffff_ffff)).rejects.toThrow(/chain of file a .*expected 3 clusters, found 2/);
		await expect(opened(0xffff_fff7)).rejects.toThrow(/found the mark of a bad cluster/);
		await expect(opened(0)).rejects.toThrow(/found the mark of a free cluster/);
		await expect(opened(102)).rejects.toThrow(/found cluster 102/);
		await expect(opened(20)).rejects.toThrow(/found a circle/);
		await expect(opened(0xffff_fff8)).rejects.toMatchObject({ code: 'structure-damaged' });
	});
});

test('the chains of the root folder and the bitmap have to end', async () => {
	for (const [cluster, what] of [
		[3, 'the root directory'],
		[2, 'the allocation bitmap'],
	] as const) {
		const volume = new MadeExfat();
		volume.link(cluster, 0);
		await expect(listed(volume)).rejects.toThrow(`exFAT entry of cluster ${cluster} of ${what}`);
		volume.link(cluster, cluster);
		await expect(listed(volume)).rejects.toThrow(/found a circle/);
	}
});

describe('folders', () => {
	test('whose sets go over the end of a cluster, and of which the last one is full', async () => {
		const names = Array.from({ length: 16 }, (_, i) => `name of 20 chars, ${10 + i}`);
		const sets = joined(...names.map((name) => entrySet({ name })));
		expect(sets.length).toBe(2048);
		const volume = new MadeExfat();
		const shifted = joined(new Uint8Array(32).fill(0x05, 0, 1), sets);
		volume.fill([20, 30, 40], shifted);
		volume.fill([50, 51], sets, false);
		volume.root(
			entrySet({ name: 'chain', folder: true, firstCluster: 20, size: 3072 }),
			entrySet({ name: 'contiguous', folder: true, contiguous: true, firstCluster: 50, size: 2048 }),
			entrySet({ name: 'empty', folder: true }),
		);
		const folders = (await listed(volume)) as FolderNode[];
		const found = await Promise.all(folders.map(async (folder) => (await folder.list()).map(({ name }) => name)));
		expect(found).toEqual([names, names, []]);
	});

	test('that lead back to themselves or above', async () => {
		const volume = new MadeExfat();
		const to = (firstCluster: number) =>
			entrySet({ name: `to ${firstCluster}`, folder: true, firstCluster, size: 1024 });
		volume.fill([20], joined(to(20), to(3), to(21)));
		volume.fill([21], joined(to(20), to(3), to(22)));
		const again = entrySet({ name: 'again', folder: true, firstCluster: 20, size: 1024 });
		const [outer, second] = await listed(volume.root(to(20), again, to(3)));
		expect(second).toMatchObject({ kind: 'damaged', name: 'again' });
		const kinds = async (folder: TreeNode | undefined) => (await (folder as FolderNode).list()).map(({ kind }) => kind);
		expect(await kinds(outer)).toEqual(['damaged', 'damaged', 'folder']);
		expect(await kinds((await (outer as FolderNode).list())[2])).toEqual(['damaged', 'damaged', 'folder']);
	});

	test('that are cut in the middle of a set', async () => {
		const volume = new MadeExfat();
		const sets = joined(...Array.from({ length: 10 }, (_, i) => entrySet({ name: `n${i}`, more: [0xe0] })));
		volume.fill([20], sets);
		const [folder] = await listed(volume.root(entrySet({ name: 'f', folder: true, firstCluster: 20, size: 1024 })));
		expect((await (folder as FolderNode).list()).map(({ kind }) => kind)).toEqual(Array<string>(8).fill('file'));
		const late = joined(new Uint8Array(32).fill(0x05, 0, 1), sets);
		volume.fill([20], late);
		const nodes = await (folder as FolderNode).list();
		expect(nodes.at(-1)).toMatchObject({ kind: 'damaged', name: 'n7' });
		expect(nodes.at(-1)).toMatchObject({ reason: expect.stringContaining('expected 4 in the set, found 3') as string });
	});
});

describe('sets of entries', () => {
	test('of names up to 255 characters, beyond ASCII and odd ones', async () => {
		const names = ['x'.repeat(255), 'fifteen letters', 'sixteen letters!', 'Größe 日本語 🗂', 'a\ud812', 'a.. '];
		const found: string[] = [];
		for (const name of names) found.push((await only(entrySet({ name })))[0]!.name);
		expect(found).toEqual([...names.slice(0, 4), 'a\\x12\\xd8', 'a.. ']);
	});

	test('that are no files, are deleted, or stand behind the end mark are left out', async () => {
		const deleted = entrySet({ name: 'deleted' });
		for (let at = 0; at < deleted.length; at += 32) deleted[at]! &= 0x7f;
		const entry = (type: number) => new Uint8Array(32).fill(type, 0, 1);
		const kept = entrySet({ name: 'kept', more: [0xe0, 0xe1] });
		const nodes = await only(deleted, entry(0xa0), entry(0xc1), kept, entry(0x82), entry(0), entrySet({ name: 'b' }));
		expect(nodes.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['file kept']);
	});

	const damagedSets: [string, RegExp, MadeSet][] = [
		['second one', /second one/, { name: 'a', change: (set) => (set[32] = 0xc1) }],
		['name entry', /number 3/, { name: 'a', change: (set) => (set[64] = 0xe0) }],
		['unknown critical entry', /number 4/, { name: 'a', more: [0xc2] }],
		['empty name', /name length/, { name: 'a', change: (set) => (new StreamEntry(set, 32).nameLength = 0) }],
		['long name', /name length/, { name: 'a', change: (set) => (new StreamEntry(set, 32).nameLength = 16) }],
		['valid size', /valid data length/, { name: 'a', firstCluster: 20, size: 5, validSize: 6 }],
		['size beyond 2^53', /2\^53/, { name: 'a', change: (set) => (set[32 + 0x1f] = 1) }],
		['size beyond the volume', /at most 102400 bytes/, { name: 'a', firstCluster: 20, size: 102_401 }],
		['folder too long', /at most 268435456/, { name: 'a', folder: true, firstCluster: 20, size: 268_435_457 }],
		['first cluster', /first cluster from 2 to 101/, { name: 'a', firstCluster: 102, size: 1 }],
		['last cluster', /last cluster from 2 to 101/, { name: 'a', contiguous: true, firstCluster: 101, size: 1025 }],
		['name with a slash', /no name may have/, { name: 'a/b' }],
		['name of dots', /no name may have/, { name: '..' }],
		['a NUL', /no name may have/, { name: 'a\0' }],
	];
	test.each(damagedSets)('that are damaged: %s', async (_, reason, made) => {
		const nodes = await only(entrySet(made), entrySet({ name: 'sound' }));
		expect(nodes.map(({ kind }) => kind).sort()).toEqual(['damaged', 'file']);
		expect(nodes.find(({ kind }) => kind === 'damaged')).toMatchObject({
			reason: expect.stringMatching(reason) as string,
		});
	});

	test('of which any byte is another one are damaged', async () => {
		const sound = entrySet({ name: 'sound', firstCluster: 20, size: 100, contiguous: true });
		for (let at = 1; at < sound.length; at++) {
			const changed = sound.slice();
			changed[at]! ^= 0x10;
			const [node] = await only(changed);
			expect([at, node?.kind]).toEqual([at, 'damaged']);
		}
	});

	test('of one or two entries, and cut short by another', async () => {
		const shorter = (count: number) => {
			const set = entrySet({ name: 'abc' }).subarray(0, count * 32);
			new FileEntry(set).secondaryCount = count - 1;
			return set;
		};
		for (const set of [shorter(1), shorter(2), entrySet({ name: 'abc' }).subarray(0, 64)]) {
			const nodes = await only(set, entrySet({ name: 'sound' }));
			expect(nodes.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['file sound', 'damaged (no name)']);
		}
	});
});

test('times with their zone, or as local ones', async () => {
	const stamp = (((2024 - 1980) << 25) | (2 << 21) | (29 << 16) | (23 << 11) | (30 << 5) | 29) >>> 0;
	const modified = async (...value: [number, number, number]) =>
		(await only(entrySet({ name: 'a', modified: value })))[0]!.modified;
	const utc = Date.UTC(2024, 1, 29, 23, 30, 58);
	expect(await modified(stamp, 0, 0x80)).toBe(utc);
	expect(await modified(stamp, 199, 0x80)).toBe(utc + 1990);
	expect(await modified(stamp, 0, 0x80 | 22)).toBe(utc - 5.5 * 3_600_000);
	expect(await modified(stamp, 0, 0x80 | (128 - 28))).toBe(utc + 7 * 3_600_000);
	expect(await modified(stamp, 3, 22)).toBe(new Date(2024, 1, 29, 23, 30, 58, 30).getTime());
	expect(await modified(stamp, 200, 0x80)).toBeUndefined();
	expect(await modified(0, 0, 0x80)).toBeUndefined();
});
