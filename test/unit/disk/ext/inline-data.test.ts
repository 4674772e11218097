import { expect, test } from 'vitest';
import { readBytes } from '../../../../src/base/bytes.ts';
import { openContent } from '../../../../src/disk/ext/files/content/content.ts';
import { inlineData } from '../../../../src/disk/ext/files/content/inline-data.ts';
import { geometry, makeInode, SmallVolume } from './small-files.ts';

/** Where attributes begin in an inode of 256 bytes with 32 of them in use. */
const tail = 160;

interface Attribute {
	readonly name: string;
	readonly index: number;
	/** From the first entry on. */
	readonly offset: number;
	readonly size: number;
	readonly inode?: number;
}

function attributes(view: DataView, list: readonly Attribute[]): void {
	view.setUint32(tail, 0xea020000, true);
	let at = tail + 4;
	for (const { name, index, offset, size, inode } of list) {
		view.setUint8(at, name.length);
		view.setUint8(at + 1, index);
		view.setUint16(at + 2, offset, true);
		view.setUint32(at + 4, inode ?? 0, true);
		view.setUint32(at + 8, size, true);
		for (let i = 0; i < name.length; i++) view.setUint8(at + 16 + i, name.charCodeAt(i));
		at += 16 + Math.ceil(name.length / 4) * 4;
	}
}

const inlineInode = (size: number, change: (view: DataView) => void) =>
	makeInode({
		size,
		flags: 0x1000_0000,
		change(view) {
			for (let i = 0; i < 60; i++) view.setUint8(0x28 + i, 100 + i);
			change(view);
		},
	});

test('the attribute system.data follows the 60 bytes, wherever it lies', () => {
	const inode = inlineInode(70, (view) => {
		attributes(view, [
			{ name: 'data', index: 1, offset: 90, size: 1 },
			{ name: 'dat', index: 7, offset: 90, size: 1 },
			{ name: 'data', index: 7, offset: 80, size: 12 },
		]);
		for (let i = 0; i < 12; i++) view.setUint8(tail + 4 + 80 + i, i + 1);
	});
	const data = inlineData(inode);
	expect([...data.subarray(0, 60)]).toEqual(Array.from({ length: 60 }, (_, i) => 100 + i));
	expect([...data.subarray(60)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test.each([
	['no attributes', (view: DataView) => view.setUint32(tail, 0, true)],
	['others only', (view: DataView) => attributes(view, [{ name: 'a', index: 1, offset: 80, size: 4 }])],
	['no room for any', (view: DataView) => view.setUint16(0x80, 128, true)],
])('the 60 bytes alone: %s', (_, change) => {
	expect(inlineData(inlineInode(60, change)).length).toBe(60);
});

test('a file goes on in zeros behind what the inode holds, and ends before it when it is shorter', async () => {
	const source = openContent(
		new SmallVolume(),
		geometry,
		inlineInode(200, () => undefined),
	);
	const bytes = new Uint8Array(150).fill(9);
	await source.read(50, bytes);
	expect([...bytes]).toEqual([...Array.from({ length: 10 }, (_, i) => 150 + i), ...new Array<number>(140).fill(0)]);
	const short = openContent(
		new SmallVolume(),
		geometry,
		inlineInode(3, () => undefined),
	);
	expect(await readBytes(short, 0, 3)).toEqual(Uint8Array.of(100, 101, 102));
	await expect(short.read(0, new Uint8Array(4))).rejects.toMatchObject({ code: 'read-error' });
});

test.each<[string, Attribute, RegExp]>([
	['a value beyond the inode', { name: 'data', index: 7, offset: 80, size: 13 }, /up to byte 96, found up to byte 97/],
	['a wild offset', { name: 'data', index: 7, offset: 0xffff, size: 0 }, /found up to byte 65539/],
	['a wild size', { name: 'data', index: 7, offset: 0, size: 0xffff_ffff }, /up to byte 96/],
	['a value in another inode', { name: 'data', index: 7, offset: 0, size: 8, inode: 77 }, /found inode 77/],
	['a name beyond the inode', { name: 'x'.repeat(72), index: 7, offset: 0, size: 8 }, /Name of an attribute/],
])('refused: %s', (_, attribute, message) => {
	const inode = inlineInode(70, (view) => {
		attributes(view, [{ ...attribute, name: attribute.name.slice(0, 70) }]);
		view.setUint8(tail + 4, attribute.name.length === 72 ? 80 : attribute.name.length);
	});
	expect(() => inlineData(inode)).toThrow(expect.objectContaining({ code: 'structure-damaged' }));
	expect(() => inlineData(inode)).toThrow(message);
});

test('an entry cut by the end of the inode', () => {
	const inode = inlineInode(70, (view) => {
		attributes(view, [{ name: 'y'.repeat(64), index: 1, offset: 0, size: 0 }]);
		view.setUint32(tail + 84, 1, true);
	});
	expect(() => inlineData(inode)).toThrow('ext4_xattr_entry at byte 84: expected 16 bytes, found 12');
});
