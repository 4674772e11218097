import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { ExtentTree } from '../../../../src/disk/ext/files/content/extent-tree.ts';
import { slowCrc32c } from './make-volume.ts';
import { checked, failure, geometry, makeInode, SmallVolume } from './small-files.ts';

/** A leaf's entry: block of the file, `ee_len`, block of the volume. */
type Entry = readonly [first: number, length: number, start: number];

function header(view: DataView, at: number, depth: number, entries: number, max: number): void {
	view.setUint16(at, 0xf30a, true);
	view.setUint16(at + 2, entries, true);
	view.setUint16(at + 4, max, true);
	view.setUint16(at + 6, depth, true);
}

function leaf(view: DataView, at: number, entries: readonly Entry[], max: number): void {
	header(view, at, 0, entries.length, max);
	for (const [i, [first, length, start]] of entries.entries()) {
		view.setUint32(at + 12 + i * 12, first, true);
		view.setUint16(at + 16 + i * 12, length, true);
		view.setUint16(at + 18 + i * 12, Math.floor(start / 2 ** 32), true);
		view.setUint32(at + 20 + i * 12, start % 2 ** 32, true);
	}
}

function index(view: DataView, at: number, depth: number, entries: readonly [number, number][], max: number): void {
	header(view, at, depth, entries.length, max);
	for (const [i, [first, block]] of entries.entries()) {
		view.setUint32(at + 12 + i * 12, first, true);
		view.setUint32(at + 16 + i * 12, block, true);
		view.setUint16(at + 20 + i * 12, 0, true);
	}
}

const inodeWith = (change: (view: DataView) => void, on = geometry) =>
	makeInode({ flags: 0x80000, change, geometry: on });

describe('a root of leaves', () => {
	const inode = inodeWith((view) =>
		leaf(
			view,
			0x28,
			[
				[0, 10, 100],
				[10, 32768 + 5, 200],
				[20, 1, 300],
			],
			4,
		),
	);
	const tree = new ExtentTree(new SmallVolume(), geometry, inode);

	test.each([
		[0, { start: 100, count: 10 }],
		[9, { start: 109, count: 1 }],
		[10, { start: undefined, count: 5 }],
		[15, { start: undefined, count: 5 }],
		[20, { start: 300, count: 1 }],
		[21, { start: undefined, count: 2 ** 32 - 21 }],
	])('block %i', async (block, run) => {
		expect(await tree.runAt(block)).toEqual(run);
	});
});

test('a length of 32768 was written, and block numbers have 48 bits', async () => {
	const large = { ...geometry, blocks: 2 ** 40 };
	const inode = inodeWith((view) => leaf(view, 0x28, [[7, 32768, 2 ** 33 + 5]], 4), large);
	const tree = new ExtentTree(new SmallVolume(), large, inode);
	expect(await tree.runAt(0)).toEqual({ start: undefined, count: 7 });
	expect(await tree.runAt(7)).toEqual({ start: 2 ** 33 + 5, count: 32768 });
});

test('a tree of two levels, read once', async () => {
	const volume = new SmallVolume();
	index(
		volume.block(50),
		0,
		1,
		[
			[0, 51],
			[100, 52],
		],
		84,
	);
	leaf(volume.block(51), 0, [[5, 5, 600]], 84);
	leaf(
		volume.block(52),
		0,
		[
			[100, 50, 700],
			[160, 40, 800],
		],
		84,
	);
	const inode = inodeWith((view) => index(view, 0x28, 2, [[0, 50]], 4));
	const tree = new ExtentTree(volume, geometry, inode);
	expect(await tree.runAt(0)).toEqual({ start: undefined, count: 5 });
	expect(await tree.runAt(10)).toEqual({ start: undefined, count: 90 });
	expect(await tree.runAt(120)).toEqual({ start: 720, count: 30 });
	expect(await tree.runAt(155)).toEqual({ start: undefined, count: 5 });
	expect(await tree.runAt(199)).toEqual({ start: 839, count: 1 });
	expect(volume.reads).toBe(3);
});

test('the checksum behind the last possible entry', async () => {
	const volume = new SmallVolume();
	leaf(volume.block(51), 0, [[0, 5, 600]], 84);
	const block = volume.bytes.subarray(51 * 1024, 52 * 1024);
	const inode = inodeWith((view) => index(view, 0x28, 1, [[0, 51]], 4));
	const sound = Object.assign(inode, { seed: 0x55 });
	volume.block(51).setUint32(1020, slowCrc32c(0x55, block.subarray(0, 1020)), true);
	expect(await new ExtentTree(volume, checked, sound).runAt(0)).toEqual({ start: 600, count: 5 });
	for (const at of [0, 5, 20, 500, 1019, 1020, 1023]) {
		block[at]! ^= 4;
		const error = await failure(() => new ExtentTree(volume, checked, sound).runAt(0));
		expect(error, `byte ${at}`).toMatchObject({ code: 'structure-damaged' });
		block[at]! ^= 4;
	}
});

describe('refused', () => {
	test.each<[string, (view: DataView) => void, RegExp]>([
		['no magic number', (view) => view.setUint16(0x28, 1, true), /magic .* found 1$/],
		['more entries than there is room', (view) => view.setUint16(0x2a, 5, true), /entries/],
		['room for more than there is', (view) => view.setUint16(0x2c, 5, true), /max/],
		['no room', (view) => header(view, 0x28, 0, 0, 0), /max/],
		['too deep', (view) => view.setUint16(0x2e, 6, true), /depth/],
		['an index of nothing', (view) => header(view, 0x28, 1, 0, 4), /entries/],
		['a length of 0', (view) => leaf(view, 0x28, [[0, 0, 100]], 4), /a length, found 0/],
		[
			'an overlap',
			(view) =>
				leaf(
					view,
					0x28,
					[
						[0, 10, 100],
						[9, 1, 200],
					],
					4,
				),
			/block 10 or later, found 9/,
		],
		[
			'no order',
			(view) =>
				index(
					view,
					0x28,
					1,
					[
						[5, 100],
						[5, 101],
					],
					4,
				),
			/block 6 or later, found 5/,
		],
		['the boot block', (view) => leaf(view, 0x28, [[0, 1, 0]], 4), /blocks 2 to 4095, found 0/],
		['the superblock', (view) => leaf(view, 0x28, [[0, 1, 1]], 4), /blocks 2 to 4095, found 1/],
		['an end outside', (view) => leaf(view, 0x28, [[0, 2, 4095]], 4), /found 4095 to 4096/],
		['a node outside', (view) => index(view, 0x28, 1, [[0, 4096]], 4), /found 4096/],
		['blocks beyond 32 bits', (view) => leaf(view, 0x28, [[0xffff_ffff, 2, 100]], 4), /less than 2\^32/],
	])('%s', (_, change, message) => {
		const inode = inodeWith((view) => {
			leaf(view, 0x28, [[0, 10, 100]], 4);
			change(view);
		});
		expect(() => new ExtentTree(new SmallVolume(), geometry, inode)).toThrow(message);
	});

	test.each<[string, (view: DataView) => void, RegExp]>([
		[
			'a node that leads to itself',
			(view) => index(view, 0, 1, [[0, 50]], 84),
			/Depth of an extent node of inode 12 at byte 51200: expected 0, found 1/,
		],
		['a leaf at the wrong level', (view) => leaf(view, 0, [[0, 1, 100]], 84), /expected 1, found 0/],
		['blocks before its range', (view) => index(view, 0, 1, [[9, 60]], 84), /blocks 10 to 19, found 9 to 9/],
		[
			'blocks behind its range',
			(view) =>
				index(
					view,
					0,
					1,
					[
						[10, 60],
						[20, 61],
					],
					84,
				),
			/found 10 to 20/,
		],
		['zeros', () => undefined, /magic/],
	])('below the root: %s', async (_, change, message) => {
		const volume = new SmallVolume();
		change(volume.block(50));
		const depth = message.source.includes('expected 0') ? 1 : 2;
		const inode = inodeWith((view) =>
			index(
				view,
				0x28,
				depth,
				[
					[10, 50],
					[20, 51],
				],
				4,
			),
		);
		const error = await failure(() => new ExtentTree(volume, geometry, inode).runAt(10));
		expect(error).toMatchObject({ code: 'structure-damaged' });
		expect((error as Error).message).toMatch(message);
	});
});

test('any bytes: a run of at least a block that lies in the volume, or damage', async () => {
	const volume = new SmallVolume();
	const word = fc.oneof(fc.nat(8), fc.nat(4200), fc.constantFrom(0xf30a, 0x8000, 0x8001, 0xffff), fc.nat(0xffff));
	await fc.assert(
		fc.asyncProperty(
			fc.array(word, { minLength: 30, maxLength: 30 }),
			fc.array(word, { minLength: 60, maxLength: 60 }),
			fc.nat(3),
			fc.nat(5000),
			async (root, node, depth, block) => {
				for (const [i, value] of node.entries()) volume.block(50).setUint16(i * 2, value, true);
				header(volume.block(50), 0, Math.max(0, depth - 1), 3, 84);
				const inode = inodeWith((view) => {
					for (const [i, value] of root.entries()) view.setUint16(0x28 + i * 2, value, true);
					header(view, 0x28, depth, 1 + (root[0]! % 4), 4);
					if (depth > 0) for (let i = 0; i < 4; i++) view.setUint32(0x28 + 16 + i * 12, 50, true);
				});
				try {
					const { start, count } = await new ExtentTree(volume, geometry, inode).runAt(block);
					expect(count).toBeGreaterThan(0);
					if (start === undefined) return;
					expect(start).toBeGreaterThan(1);
					expect(start + count).toBeLessThanOrEqual(4096);
				} catch (error) {
					if (!(error instanceof AfterimageError)) throw error;
					expect(error.code).toBe('structure-damaged');
				}
			},
		),
		{ numRuns: 2000 },
	);
});
