import { expect, test } from 'vitest';
import { Inode } from '../../../../src/disk/ext/files/inode.ts';
import { slowCrc32c } from './make-volume.ts';
import { checked, geometry, inodeBytes, inodePosition, makeInode } from './small-files.ts';

test('offsets of what is read', () => {
	const inode = makeInode({
		number: 77,
		mode: 0o104755,
		size: 3 * 2 ** 32 + 5,
		flags: 0x80000,
		change(view) {
			for (let i = 0; i < 60; i++) view.setUint8(0x28 + i, i);
			view.setUint32(0x10, 1_000_000_000, true);
		},
	});
	expect(inode).toMatchObject({ number: 77, mode: 0o104755, size: 3 * 2 ** 32 + 5, flags: 0x80000, hasBlocks: false });
	expect([...inode.block]).toEqual(Array.from({ length: 60 }, (_, i) => i));
	expect(inode.modified).toBe(1e12);
});

test('what follows the fields is kept where it begins as attributes do', () => {
	const attributes = (view: DataView) => {
		view.setUint32(0xa0, 0xea02_0000, true);
		view.setUint8(0xa4, 1);
	};
	const inode = makeInode({ change: attributes });
	expect([inode.tail.length, inode.tail[4], inode.tailPosition]).toEqual([96, 1, inodePosition + 160]);
	expect(makeInode({ length: 128 }).tail.length).toBe(0);
	expect(makeInode({ change: (view) => view.setUint8(0xa4, 1) }).tail.length).toBe(0);
	expect(makeInode({ change: (view) => view.setUint32(0xa0, 0xea02_0000, true) }).tail.length).toBe(0);
});

test('owner, names and the block of attributes', () => {
	const change = (view: DataView) => {
		view.setUint16(0x02, 0x2345, true);
		view.setUint16(0x78, 0x1, true);
		view.setUint16(0x18, 0x6789, true);
		view.setUint16(0x7a, 0xffff, true);
		view.setUint16(0x1a, 3, true);
		view.setUint32(0x68, 77, true);
		view.setUint16(0x76, 1, true);
	};
	const owner = { uid: 0x1_2345, gid: 0xffff_6789 };
	expect(makeInode({ change })).toMatchObject({ owner, links: 3, attributeBlock: 77 });
	const wide = { ...geometry, descriptorSize: 64 };
	expect(makeInode({ change, geometry: wide }).attributeBlock).toBe(2 ** 32 + 77);
});

/** Seconds and `i_mtime_extra`; the table of Linux Documentation/filesystems/ext4, "Inode Timestamps". */
test.each([
	[0x8000_0000, 0, '1901-12-13T20:45:52.000Z'],
	[0xffff_ffff, 999_999_999 * 4, '1969-12-31T23:59:59.999Z'],
	[0x0000_0000, 0, '1970-01-01T00:00:00.000Z'],
	[0x7fff_ffff, 0, '2038-01-19T03:14:07.000Z'],
	[0x8000_0000, 1, '2038-01-19T03:14:08.000Z'],
	[0x0000_0000, 1, '2106-02-07T06:28:16.000Z'],
	[0x8000_0000, 2, '2174-02-25T09:42:24.000Z'],
	[0x0000_0000, 3, '2378-04-22T19:24:48.000Z'],
	[0x7fff_ffff, 3 + 5_999_999 * 4, '2446-05-10T22:38:55.005Z'],
])('time 0x%x with 0x%x', (seconds, extra, date) => {
	const change = (view: DataView) => {
		view.setUint32(0x10, seconds, true);
		view.setUint32(0x88, extra, true);
	};
	expect(new Date(makeInode({ change }).modified).toISOString()).toBe(date);
});

test('extra fields that are not in use are not read', () => {
	const change = (view: DataView) => {
		view.setUint16(0x80, 8, true);
		view.setUint32(0x88, 1, true);
	};
	expect(makeInode({ change }).modified).toBe(0);
});

test('the size of a folder has 64 bits only with large_dir', () => {
	const options = { mode: 0o40755, size: 2 ** 32 + 1024 };
	expect(makeInode(options).size).toBe(1024);
	expect(makeInode({ ...options, geometry: { ...geometry, largeFolders: true } }).size).toBe(2 ** 32 + 1024);
	expect(makeInode({ ...options, mode: 0o120777 }).size).toBe(1024);
});

test('blocks besides that of the attributes', () => {
	const withBlocks = (sectors: number, attributes: number) =>
		makeInode({
			change(view) {
				view.setUint32(0x1c, sectors, true);
				view.setUint32(0x68, attributes, true);
			},
		}).hasBlocks;
	expect([withBlocks(0, 0), withBlocks(2, 0), withBlocks(2, 99), withBlocks(4, 99)]).toEqual([
		false,
		true,
		false,
		true,
	]);
});

test.each([
	['deleted', { change: (view: DataView) => view.setUint16(0x1a, 0, true) }, /links of inode 12 at byte 5146/],
	['attributes', { flags: 0x20_0000 }, /flags of inode 12/],
	[
		'more than indirect blocks hold',
		{ size: 1024 * (12 + 256 + 256 ** 2 + 256 ** 3) + 1 },
		/sizeLow .* found 17247252481/,
	],
	['more than extents hold', { size: 2 ** 42 + 1, flags: 0x80000 }, /at most 4398046511104 bytes/],
	['extra fields beyond its end', { change: (view: DataView) => view.setUint16(0x80, 132, true) }, /extraSize/],
	['extra fields of an odd length', { change: (view: DataView) => view.setUint16(0x80, 30, true) }, /extraSize/],
])('refused: %s', (_, options, message) => {
	expect(() => makeInode(options)).toThrow(expect.objectContaining({ code: 'structure-damaged' }));
	expect(() => makeInode(options)).toThrow(message);
});

test.each([
	[128, 0],
	[256, 32],
	[256, 0],
])('the checksum of %i bytes with %i in use', (length, extraSize) => {
	const bytes = inodeBytes({
		length,
		change(view) {
			view.setUint32(0x64, 0xcafe, true);
			if (length > 128) view.setUint16(0x80, extraSize, true);
		},
	});
	const view = new DataView(bytes.buffer);
	const seed = slowCrc32c(checked.checksums.seed, [99, 0, 0, 0, 0xfe, 0xca, 0, 0]);
	const sum = slowCrc32c(seed, bytes);
	view.setUint16(0x7c, sum & 0xffff, true);
	if (extraSize >= 4) view.setUint16(0x82, sum >>> 16, true);
	expect(new Inode(checked, 99, bytes, 0).seed).toBe(seed);
	expect(() => new Inode(checked, 98, bytes, 0)).toThrow(/checksumLow of inode 98/);
	for (let at = 0; at < length; at++) {
		const spoilt = bytes.slice();
		spoilt[at]! ^= 0x10;
		expect(() => new Inode(checked, 99, spoilt, 0), `byte ${at}`).toThrow(
			expect.objectContaining({ code: 'structure-damaged' }),
		);
	}
});
