import { expect, test } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { attributeEntries } from '../../../../src/disk/ext/files/attribute-entries.ts';
import { Attributes, blockChecksum } from '../../../../src/disk/ext/files/attributes.ts';
import { InodeTable } from '../../../../src/disk/ext/files/inode-table.ts';
import type { Geometry } from '../../../../src/disk/ext/geometry.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';
import { checked, geometry, makeInode, SmallVolume } from './small-files.ts';

interface Sample {
	readonly index: number;
	readonly name: string;
	readonly value: string;
}

/** Writes entries from `first` on, and their values from the end backwards. */
function write(view: DataView, first: number, base: number, samples: readonly Sample[]): void {
	let at = first;
	let end = view.byteLength;
	for (const { index, name, value } of samples) {
		end -= Math.ceil(value.length / 4) * 4;
		view.setUint8(at, name.length);
		view.setUint8(at + 1, index);
		view.setUint16(at + 2, end - base, true);
		view.setUint32(at + 8, value.length, true);
		for (let i = 0; i < name.length; i++) view.setUint8(at + 16 + i, name.charCodeAt(i));
		for (let i = 0; i < value.length; i++) view.setUint8(end + i, value.charCodeAt(i));
		at += 16 + Math.ceil(name.length / 4) * 4;
	}
}

/** Block 50 of a volume as a block of attributes. */
function withBlock(samples: readonly Sample[], layout: Geometry = geometry): SmallVolume {
	const volume = new SmallVolume();
	const block = volume.block(50);
	block.setUint32(0, 0xea02_0000, true);
	block.setUint32(8, 1, true);
	write(block, 32, 0, samples);
	const bytes = new Uint8Array(block.buffer, block.byteOffset, block.byteLength);
	if (layout.checksums.kind === 'crc32c') {
		block.setUint32(0x10, blockChecksum(layout.checksums.seed, 50, bytes), true);
	}
	return volume;
}

const inBlock = (view: DataView) => view.setUint32(0x68, 50, true);
const inInode = (samples: readonly Sample[]) => (view: DataView) => {
	view.setUint32(160, 0xea02_0000, true);
	write(view, 164, 164, samples);
};

async function read(volume: SmallVolume, change: (view: DataView) => void, layout: Geometry = geometry) {
	const attributes = new Attributes(volume, layout, new InodeTable(volume, layout));
	const found = await attributes.of(makeInode({ change }));
	return Object.fromEntries(found.map(({ name, value }) => [name, Buffer.from(value).toString('latin1')]));
}

const some = [
	{ index: 1, name: 'comment', value: 'hello' },
	{ index: 1, name: 'empty', value: '' },
	{ index: 7, name: 'data', value: 'of a small file' },
	{ index: 6, name: 'capability', value: '\x01\0\0\x02' },
];
const access = '\x01\0\0\0\x01\0\x06\0\x04\0\x04\0\x20\0\0\0';

test('attributes of an inode and of its block', async () => {
	const volume = withBlock([
		{ index: 4, name: 'na\xffme', value: 'x'.repeat(700) },
		{ index: 2, name: '', value: access },
		...some.slice(1, 3),
	]);
	const found = await read(volume, (view) => {
		inInode([some[0]!, some[3]!])(view);
		inBlock(view);
	});
	expect(found).toEqual({
		'user.comment': 'hello',
		'user.empty': '',
		'security.capability': '\x01\0\0\x02',
		'trusted.na\xffme': 'x'.repeat(700),
		'system.posix_acl_access': expect.stringContaining('\x02\0\0\0\x01\0\x06\0\xff\xff\xff\xff') as string,
	});
	expect(await read(volume, () => undefined)).toEqual({});
});

test('a block that many files share is read once', async () => {
	const volume = withBlock(some);
	const attributes = new Attributes(volume, geometry, new InodeTable(volume, geometry));
	const files = Array.from({ length: 9 }, () => attributes.of(makeInode({ change: inBlock })));
	expect((await Promise.all(files)).every((found) => found.length === 3)).toBe(true);
	expect(volume.reads).toBe(1);
});

test('the checksum of a block', async () => {
	const volume = withBlock(some, checked);
	const attributes = (at: Geometry) => new Attributes(volume, at, new InodeTable(volume, at));
	const inode = makeInode({ change: inBlock });
	expect(await attributes(checked).of(inode)).toHaveLength(3);
	volume.block(50).setUint8(1000, 9);
	await expect(attributes(checked).of(inode)).rejects.toThrow(/ext4_xattr_header.checksum at byte 51216/);
	expect(await attributes(geometry).of(inode)).toHaveLength(3);
});

const damage: [string, (block: DataView) => void, RegExp][] = [
	['no block of attributes', (block) => block.setUint32(0, 1, true), /ext4_xattr_header.magic at byte 51200/],
	['several blocks', (block) => block.setUint32(8, 2, true), /ext4_xattr_header.blocks at byte 51208/],
	['entries without an end', (block) => new Uint8Array(block.buffer, block.byteOffset + 32, 992).fill(1), /Place|Name/],
	[
		'a value among the entries',
		(block) => block.setUint16(34, 100, true),
		/Value .*bytes 132 to 1024, found 100 to 105/,
	],
	['a value behind the end', (block) => block.setUint16(34, 1020, true), /found 1020 to 1025/],
	['a long value', (block) => block.setUint32(40, 65_537, true), /Size .*at most 65536/],
	['a NUL in a name', (block) => block.setUint8(32 + 17, 0), /Name .*without a NUL/],
	['a value in an inode that no file has', (block) => block.setUint32(36, 9999, true), /leads to inode 9999/],
];
test.each(damage)('a damaged block: %s', async (_, change, message) => {
	const volume = withBlock(some);
	change(volume.block(50));
	await expect(read(volume, inBlock)).rejects.toMatchObject({ code: 'structure-damaged' });
	await expect(read(volume, inBlock)).rejects.toThrow(message);
});

test('a block where no file has one', async () => {
	const change = (view: DataView) => view.setUint32(0x68, 5000, true);
	await expect(read(new SmallVolume(), change)).rejects.toThrow(/Block of attributes of inode 12/);
});

test('anything at all is attributes or damage', () => {
	const random = randomNumbers(7);
	let sound = 0;
	for (let round = 0; round < 3000; round++) {
		const bytes = new Uint8Array(96);
		write(new DataView(bytes.buffer), 0, 0, some.slice(0, 2));
		for (let i = 0; i < 1 + (round % 4); i++) bytes[random.below(96)] = random.below(256);
		try {
			for (const { name, value } of attributeEntries(bytes, 0, 0, 'inode 12', 0)) {
				expect(name.length).toBeLessThan(96);
				if (value instanceof Uint8Array) expect(value.length).toBeLessThan(96);
			}
			sound++;
		} catch (error) {
			if (!(error instanceof AfterimageError)) throw error;
			expect(error.code).toBe('structure-damaged');
		}
	}
	expect(sound).toBeGreaterThan(100);
	expect(sound).toBeLessThan(2900);
});
