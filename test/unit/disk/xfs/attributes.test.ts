import { describe, expect, it } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { leafAttributes } from '../../../../src/disk/xfs/files/attributes/attribute-leaf.ts';
import { readAttributes } from '../../../../src/disk/xfs/files/attributes/attributes.ts';
import { forkFormat, type Inode } from '../../../../src/disk/xfs/files/inode.ts';
import { shortAttributes } from '../../../../src/disk/xfs/files/attributes/short-attributes.ts';
import type { Geometry } from '../../../../src/disk/xfs/geometry.ts';
import { randomNumbers } from '../../../support/random-numbers.ts';

const blocksize = 1024;

/** A volume of version 4, whose blocks have no checksums: one group of 100 blocks. */
function volume() {
	const source = new MemoryBytes(new Uint8Array(100 * blocksize));
	const sb = { blocksize, agblklog: 7, agcount: 1, agblocks: 100, sectsize: 512 };
	const geometry = { source, volume: { version: 4, sb, groupBlocks: () => 100 } } as unknown as Geometry;
	const block = (number: number) => new DataView(source.bytes.buffer, number * blocksize, blocksize);
	return { geometry, block };
}

const base = {
	number: 77,
	at: 5000,
	kind: 'file',
	mode: 0o644,
	accessed: 0,
	changed: 0,
	modified: 0,
	size: 0,
	allocated: 0,
	realtime: false,
	links: 1,
} as const;
const fileWith = (format: number, fork: Uint8Array, extents = 0): Inode => ({
	...base,
	...{ owner: { uid: 0, gid: 0 }, format: forkFormat.extents, fork: new Uint8Array(0), extents: 0 },
	attributes: { format, fork, extents },
});

/** The attribute fork in `count` blocks from block 20 on. */
function inBlocks(count: number): Inode {
	const fork = new Uint8Array(16);
	const view = new DataView(fork.buffer);
	view.setUint32(8, 20 >>> 11);
	view.setUint32(12, ((20 & 0x7ff) << 21) | count);
	return fileWith(forkFormat.extents, fork, 1);
}

interface Sample {
	readonly flags?: number;
	readonly name: string;
	readonly value?: string;
	readonly remote?: { readonly block: number; readonly size: number };
}

function text(view: DataView, at: number, characters: string): void {
	for (let i = 0; i < characters.length; i++) view.setUint8(at + i, characters.charCodeAt(i));
}

function short(samples: readonly Sample[]): Uint8Array {
	const fork = new Uint8Array(200);
	const view = new DataView(fork.buffer);
	let at = 4;
	for (const { flags = 0, name, value = '' } of samples) {
		view.setUint8(at, name.length);
		view.setUint8(at + 1, value.length);
		view.setUint8(at + 2, flags);
		text(view, at + 3, name + value);
		at += 3 + name.length + value.length;
	}
	view.setUint16(0, at);
	view.setUint8(2, samples.length);
	return fork;
}

function leaf(view: DataView, samples: readonly Sample[], next = 0): void {
	view.setUint32(0, next);
	view.setUint16(8, 0xfbee);
	view.setUint16(12, samples.length);
	let end = view.byteLength;
	for (const [i, { flags = 0, name, value = '', remote }] of samples.entries()) {
		end -= Math.ceil(((remote === undefined ? 3 : 9) + name.length + value.length) / 4) * 4;
		view.setUint16(32 + i * 8 + 4, end);
		view.setUint8(32 + i * 8 + 6, flags | (remote === undefined ? 1 : 0));
		if (remote === undefined) view.setUint16(end, value.length);
		else {
			view.setUint32(end, remote.block);
			view.setUint32(end + 4, remote.size);
		}
		view.setUint8(end + (remote === undefined ? 2 : 8), name.length);
		text(view, end + (remote === undefined ? 3 : 9), name + value);
	}
}

function node(view: DataView, level: number, first: number): void {
	view.setUint16(8, 0xfebe);
	view.setUint16(12, 1);
	view.setUint16(14, level);
	view.setUint32(20, first);
}

async function read(geometry: Geometry, inode: Inode) {
	const found = await readAttributes(geometry, inode);
	return Object.fromEntries(found.map(({ name, value }) => [name, Buffer.from(value).toString('latin1')]));
}

const list = '\0\0\0\x01\0\0\0\x01\xff\xff\xff\xff\0\x06\0\0';

describe('attributes of a file', () => {
	it('in its inode, by their namespaces, without what is the file system’s own', async () => {
		const fork = short([
			{ name: 'comment', value: 'hello' },
			{ flags: 0x02, name: 'thing', value: 't' },
			{ flags: 0x04, name: 'capability', value: 'c' },
			{ flags: 0x02, name: 'SGI_ACL_FILE', value: list },
			{ name: 'SGI_ACL_FILE', value: 'mine' },
			{ flags: 0x08, name: 'parent', value: 'p' },
			{ flags: 0x80, name: 'half', value: 'h' },
		]);
		expect(await read(volume().geometry, fileWith(forkFormat.local, fork))).toEqual({
			'user.comment': 'hello',
			'trusted.thing': 't',
			'security.capability': 'c',
			'system.posix_acl_access': '\x02\0\0\0\x01\0\x06\0\xff\xff\xff\xff',
			'user.SGI_ACL_FILE': 'mine',
		});
	});

	it('in leaves below nodes, and values between them', async () => {
		const { geometry, block } = volume();
		node(block(20), 2, 3);
		node(block(23), 1, 1);
		leaf(block(21), [{ name: 'a', value: '1' }], 2);
		leaf(block(22), [{ name: 'long', remote: { block: 4, size: 1500 } }]);
		text(block(24), 0, 'x'.repeat(1024));
		text(block(25), 0, 'y'.repeat(1024));
		expect(await read(geometry, inBlocks(6))).toEqual({
			'user.a': '1',
			'user.long': 'x'.repeat(1024) + 'y'.repeat(476),
		});
	});
});

describe('damage', () => {
	type Block = (number: number) => DataView;
	it.each<[string, (block: Block) => void, RegExp]>([
		['leaves in a circle', (block) => leaf(block(20), [], 0xffff), /block .* before 6, found 65535/],
		['a chain without an end', (block) => [20, 21].map((at) => leaf(block(at), [], 1)), /chain of leaves/],
		['no block of attributes', (block) => block(20).setUint16(8, 1), /magic number/],
		['a node that leads to itself', (block) => node(block(20), 1, 0), /level .* expected 0, found 1/],
		['a node of an odd level', (block) => node(block(20), 9, 1), /level .* found 9/],
		['a node without entries', (block) => [node(block(20), 1, 1), block(20).setUint16(12, 0)], /number of entries/],
		['more entries than there is room for', (block) => [leaf(block(20), []), block(20).setUint16(12, 500)], /entries/],
		[
			'a name among the entries',
			(block) => [leaf(block(20), [{ name: 'a' }]), block(20).setUint16(36, 30)],
			/place of a name .* expected 40 to/,
		],
		[
			'a name behind the end',
			(block) => [leaf(block(20), [{ name: 'a' }]), block(20).setUint8(1022, 200)],
			/end of an attribute/,
		],
		[
			'a long value',
			(block) => leaf(block(20), [{ name: 'a', remote: { block: 1, size: 65_537 } }]),
			/length of a value/,
		],
		['a value elsewhere', (block) => leaf(block(20), [{ name: 'a', remote: { block: 9, size: 5 } }]), /found 9/],
	])('of blocks: %s', async (_, change, message) => {
		const { geometry, block } = volume();
		change(block);
		await expect(read(geometry, inBlocks(6))).rejects.toMatchObject({ code: 'structure-damaged' });
		await expect(read(geometry, inBlocks(6))).rejects.toThrow(message);
	});

	it('of any bytes is found, or they are attributes', () => {
		const random = randomNumbers(3);
		const sound = { short: 0, leaf: 0 };
		const survive = (kind: keyof typeof sound, work: () => unknown) => {
			try {
				work();
				sound[kind]++;
			} catch (error) {
				if (!(error instanceof AfterimageError)) throw error;
				expect(error.code).toBe('structure-damaged');
			}
		};
		const samples = [
			{ name: 'first', value: 'one' },
			{ name: 'second', value: 'two' },
			{ name: 'third', value: '' },
		];
		for (let round = 0; round < 2000; round++) {
			const fork = short(samples).slice(0, 60);
			const bytes = new Uint8Array(128);
			leaf(new DataView(bytes.buffer), samples);
			for (let i = 0; i < 1 + (round % 4); i++) {
				fork[random.below(60)] = random.below(256);
				bytes[random.below(128)] = random.below(256);
			}
			survive('short', () => shortAttributes(fileWith(forkFormat.local, fork), fork));
			survive('leaf', () => leafAttributes(bytes, false, 'Attributes', 0));
		}
		for (const count of Object.values(sound)) {
			expect(count).toBeGreaterThan(100);
			expect(count).toBeLessThan(1900);
		}
	});
});
