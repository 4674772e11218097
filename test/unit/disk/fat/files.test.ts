import { describe, expect, test } from 'vitest';
import { readBytes } from '../../../../src/base/bytes.ts';
import { parseFatBootSector } from '../../../../src/disk/fat/boot-sector.ts';
import { fatDriver } from '../../../../src/disk/fat/driver.ts';
import type { FileNode, FolderNode } from '../../../../src/disk/files.ts';
import { decompressors } from '../../../support/walk-tree.ts';
import { fatTree } from '../../../../src/disk/fat/tree.ts';
import { content, listed, namesOf, numbered, raw, rootOf } from './listed.ts';
import { directory, MadeFat, type MadeEntry } from './made-files.ts';

const types = ['FAT12', 'FAT16', 'FAT32'] as const;

describe.each(types)('%s', (type) => {
	test('a file in pieces, read in any piece', async () => {
		const volume = new MadeFat(type);
		const bytes = numbered(6 * 512 - 100);
		volume.chain([20, 21, 30, 10, 11, 12], bytes);
		const [file] = await listed(volume.root({ raw: 'FILE    BIN', firstCluster: 20, size: bytes.length }));
		const source = await (file as FileNode).open();
		for (const [from, length] of [
			[0, bytes.length],
			[0, 1],
			[1023, 2],
			[512, 1024],
			[1500, 1000],
			[2971, 1],
		]) {
			expect(await readBytes(source, from!, length!)).toEqual(bytes.subarray(from, from! + length!));
		}
		await expect(source.read(2900, new Uint8Array(73))).rejects.toMatchObject({ code: 'read-error' });
	});

	test('clusters that are neighbours come with one read', async () => {
		const volume = new MadeFat(type);
		volume.chain([20, 21, 22, 10, 11], numbered(5 * 512));
		volume.root({ raw: 'FILE       ', firstCluster: 20, size: 5 * 512 });
		const reads: number[] = [];
		const source = {
			size: volume.bytes.length,
			read: async (offset: number, target: Uint8Array) => {
				reads.push(target.length);
				target.set(volume.bytes.subarray(offset, offset + target.length));
			},
		};
		const fileSystem = (await fatDriver.open(source, {}))!;
		const [file] = await (await fileSystem.openFiles!({ decompressors })).root.list();
		const opened = await (file as FileNode).open();
		reads.length = 0;
		await readBytes(opened, 0, opened.size);
		expect(reads).toEqual([3 * 512, 2 * 512]);
	});

	test('folders in folders, longer than a cluster', async () => {
		const volume = new MadeFat(type);
		const files: MadeEntry[] = Array.from({ length: 30 }, (_, i) => ({ raw: `F${i}`.padEnd(11) }));
		const dots = (own: number): MadeEntry[] => [
			{ raw: '.          ', attributes: 0x10, firstCluster: own },
			{ raw: '..         ', attributes: 0x10 },
		];
		volume.chain([40, 50], directory(...dots(40), ...files));
		volume.chain([60], directory(...dots(60), { raw: 'INNER      ', attributes: 0x10, firstCluster: 40 }));
		const [outer] = await listed(volume.root({ raw: 'OUTER      ', attributes: 0x10, firstCluster: 60 }));
		const [inner, ...others] = await (outer as FolderNode).list();
		expect(others).toEqual([]);
		expect(namesOf(await (inner as FolderNode).list())).toEqual(files.map((file) => file.raw.trimEnd()));
	});

	describe('damage', () => {
		const opened = async (clusters: number[], last: number, size: number) => {
			const volume = new MadeFat(type);
			volume.chain(clusters, numbered(clusters.length * 512));
			volume.link(clusters.at(-1)!, last);
			const [file] = await listed(volume.root({ raw: 'FILE       ', firstCluster: clusters[0]!, size }));
			return content(file);
		};
		const bad = { FAT12: 0xff7, FAT16: 0xfff7, FAT32: 0x0fff_fff7 }[type];

		test('of a chain', async () => {
			const end = new MadeFat(type).end;
			expect(await opened([20, 30], end - 7, 1024)).toEqual(numbered(1024));
			await expect(opened([20, 30], end, 1025)).rejects.toThrow(/chain of file FILE .*expected 3 clusters, found 2/);
			await expect(opened([20, 30], 0, 1025)).rejects.toThrow(/entry of cluster 30 .*found the mark of a free cluster/);
			await expect(opened([20, 30], bad, 1025)).rejects.toThrow(/found the mark of a bad cluster/);
			await expect(opened([20, 30], 1, 1025)).rejects.toThrow(/found cluster 1$/);
			const beyond = type === 'FAT16' ? 5002 : 502;
			await expect(opened([20, 30], beyond, 1025)).rejects.toThrow(`found cluster ${beyond}`);
			await expect(opened([20, 30], 20, 1025)).rejects.toThrow(/found a circle/);
			await expect(opened([20, 30, 31, 32], 31, 4096)).rejects.toMatchObject({ code: 'structure-damaged' });
		});

		test('behind the clusters that a file needs is none of its own', async () => {
			expect(await opened([20, 30, 40], 0, 1024)).toEqual(numbered(1024));
			expect(await opened([20, 30, 40], 20, 1536)).toEqual(numbered(1536));
		});

		test('of an entry', async () => {
			const room = type === 'FAT16' ? 5000 * 512 : 500 * 512;
			const volume = new MadeFat(type).root(
				{ raw: 'NOWHERE    ', size: 5, firstCluster: 1 },
				{ raw: 'BEYOND     ', size: 5, firstCluster: 5002 },
				{ raw: 'LARGE      ', size: room + 1, firstCluster: 20 },
				{ raw: 'NOFOLDER   ', attributes: 0x10 },
				{ raw: 'BAD\u0001NAME   ' },
				{ raw: ' SPACE     ' },
				{ raw: 'SLASH/     ' },
				{ raw: 'EMPTY      ', firstCluster: 5002 },
			);
			const nodes = await listed(volume);
			expect(nodes.map(({ kind }) => kind)).toEqual([...Array<string>(7).fill('damaged'), 'file']);
			expect(nodes[0]).toMatchObject({ name: 'NOWHERE', reason: expect.stringContaining('first cluster') as string });
			expect(nodes[6]!.name).toBe('SLASH\\x2f');
			expect(await content(nodes[7])).toEqual(new Uint8Array(0));
		});

		test('of folders that lead back to themselves or above', async () => {
			const volume = new MadeFat(type);
			const back = (firstCluster: number): MadeEntry => ({
				raw: `TO${firstCluster}`.padEnd(11),
				attributes: 0x10,
				firstCluster,
			});
			volume.chain([60], directory(back(60), back(61)));
			volume.chain([61], directory(back(60), back(62), back(2)));
			volume.chain([62], directory({ raw: 'FILE       ' }));
			const [outer, second] = await listed(volume.root(back(60), { ...back(60), raw: 'SECOND     ' }));
			expect(second).toMatchObject({ kind: 'damaged', name: 'SECOND' });
			const [self, inner] = await (outer as FolderNode).list();
			expect(self).toMatchObject({ kind: 'damaged', name: 'TO60' });
			const kinds = (await (inner as FolderNode).list()).map(({ kind }) => kind);
			expect(kinds).toEqual(['damaged', 'folder', type === 'FAT32' ? 'damaged' : 'folder']);
		});

		test('of a folder whose chain breaks before its end mark, and not of one that breaks behind it', async () => {
			const files: MadeEntry[] = Array.from({ length: 16 }, (_, i) => ({ raw: `F${i}`.padEnd(11) }));
			const withChain = async (entries: MadeEntry[], last: number) => {
				const volume = new MadeFat(type);
				volume.chain([60], directory(...entries));
				volume.link(60, last);
				const [folder] = await listed(volume.root({ raw: 'FOLDER     ', attributes: 0x10, firstCluster: 60 }));
				return (folder as FolderNode).list();
			};
			const { end } = new MadeFat(type);
			for (const mark of [end, end - 7]) expect(await withChain(files, mark)).toHaveLength(16);
			await expect(withChain(files, 0)).rejects.toThrow(/entry of cluster 60 of folder FOLDER/);
			await expect(withChain(files, 60)).rejects.toThrow(/folder FOLDER .*found a circle/);
			for (const last of [0, 60]) expect(await withChain(files.slice(1), last)).toHaveLength(15);
		});
	});
});

test('only FAT32 has an upper half of cluster numbers', async () => {
	for (const type of types) {
		const volume = new MadeFat(type).root({ raw: 'FILE       ', firstCluster: 0x1_0014, size: 5 });
		volume.chain([20], raw('hello'));
		expect((await listed(volume))[0]!.kind).toBe(type === 'FAT32' ? 'damaged' : 'file');
	}
});

test('a FAT32 without mirroring goes by its active FAT, and the upper four bits of an entry say nothing', async () => {
	const volume = new MadeFat('FAT32').root({ raw: 'FILE       ', firstCluster: 20, size: 1024 });
	const bytes = numbered(1024);
	volume.chain([20, 30], bytes);
	const view = new DataView(volume.bytes.buffer);
	view.setUint32(1024 + 20 * 4, 0, true);
	view.setUint32(1024 + 4 * 512 + 20 * 4, 0xf000_001e, true);
	view.setUint16(0x28, 0x81, true);
	expect(await content((await listed(volume))[0])).toEqual(bytes);
});

test('times are local ones; what is no date is none', async () => {
	const date = (year: number, month: number, day: number) => ((year - 1980) << 9) | (month << 5) | day;
	const time = (hour: number, minute: number, second: number) => (hour << 11) | (minute << 5) | (second / 2);
	const modified = async (entryDate: number, entryTime: number) =>
		(await listed(new MadeFat('FAT16').root({ raw: 'FILE       ', date: entryDate, time: entryTime })))[0]!.modified;
	expect(await modified(date(2024, 2, 29), time(23, 59, 58))).toBe(new Date(2024, 1, 29, 23, 59, 58).getTime());
	expect(await modified(date(2107, 12, 31), 0)).toBe(new Date(2107, 11, 31).getTime());
	for (const wrong of [
		0,
		date(2023, 2, 29),
		date(2024, 13, 1),
		date(2024, 0, 1),
		date(2024, 1, 0),
		date(2024, 4, 31),
	]) {
		expect(await modified(wrong, 0)).toBeUndefined();
	}
	for (const wrong of [time(24, 0, 0), time(0, 60, 0), time(0, 0, 60)]) {
		expect(await modified(date(2024, 1, 1), wrong)).toBeUndefined();
	}
});

test('a folder of more entries than any system makes', async () => {
	const clusterCount = 20_000;
	const dataOffset = 1024 + (clusterCount + 2) * 4;
	// Every cluster leads to the next one, and all entries are deleted.
	const source = {
		size: dataOffset + clusterCount * 512,
		read: async (offset: number, target: Uint8Array) => {
			target.fill(0xe5);
			if (offset >= dataOffset) return;
			const view = new DataView(target.buffer, target.byteOffset, target.length);
			for (let at = 0; at < target.length; at += 4) view.setUint32(at, (offset - 1024 + at) / 4 + 1, true);
		},
	};
	const boot = parseFatBootSector(new MadeFat('FAT32').bytes, 10 ** 6)!;
	const { root } = fatTree(source, { ...boot, clusterCount, fatOffset: 1024, dataOffset });
	await expect(root.list()).rejects.toThrow(/FAT chain of the root folder .*at most 16384 clusters, found more/);
});

test('a reading that was cancelled', async () => {
	const root = await rootOf(new MadeFat('FAT32'));
	await expect(root.list(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});
