import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { parseEntries } from '../../../../src/disk/ext/files/directory-entries.ts';
import { readDirectory } from '../../../../src/disk/ext/files/directory.ts';
import type { Inode } from '../../../../src/disk/ext/files/inode.ts';
import { slowCrc32c } from './make-volume.ts';
import { checked, failure, geometry, makeInode, SmallVolume } from './small-files.ts';

type Entry = readonly [inode: number, name: string, length?: number];

/** Writes entries; the last one reaches up to `end` unless its length is given. */
function put(view: DataView, entries: readonly Entry[], start = 0, end = view.byteLength): void {
	let at = start;
	for (const [i, [inode, name, length]] of entries.entries()) {
		const own = 8 + Math.ceil(name.length / 4) * 4;
		const reach = length ?? (i === entries.length - 1 ? end - at : own);
		view.setUint32(at, inode, true);
		view.setUint16(at + 4, reach === 65536 ? 0xffff : reach, true);
		view.setUint8(at + 6, name.length);
		for (let k = 0; k < name.length; k++) view.setUint8(at + 8 + k, name.charCodeAt(k));
		at += reach;
	}
}

function folderOf(blocks: readonly number[], options: { size?: number; flags?: number; seed?: number } = {}): Inode {
	const inode = makeInode({
		mode: 0o40755,
		size: options.size ?? blocks.length * 1024,
		flags: options.flags ?? 0,
		change: (view) => blocks.forEach((block, i) => view.setUint32(0x28 + i * 4, block, true)),
	});
	return Object.assign(inode, { seed: options.seed ?? 0 });
}

const text = (entries: readonly { inode: number; name: Uint8Array }[]) =>
	entries.map(({ inode, name }) => `${inode} ${String.fromCharCode(...name)}`);

const dots: Entry[] = [
	[12, '.'],
	[2, '..'],
];

test('entries of several blocks, without the dots and the deleted ones', async () => {
	const volume = new SmallVolume();
	put(volume.block(70), [...dots, [20, 'a'], [0, 'deleted'], [21, 'b'.repeat(255)], [22, 'last']]);
	put(volume.block(71), [[0, '']]);
	put(volume.block(90), [
		[0, 'gone'],
		[23, 'after it'],
	]);
	const found = await readDirectory(volume, geometry, folderOf([70, 71, 90]));
	expect(text(found)).toEqual(['20 a', `21 ${'b'.repeat(255)}`, '22 last', '23 after it']);
	expect(volume.log).toEqual([
		[70 * 1024, 2048],
		[90 * 1024, 1024],
	]);
});

test('a block of 64 KiB, whose length does not fit into its field', () => {
	for (const stored of [0xffff, 0]) {
		const view = new DataView(new ArrayBuffer(65536));
		put(view, [[20, 'alone']], 0);
		view.setUint16(4, stored, true);
		expect(text(parseEntries(folderOf([70]), new Uint8Array(view.buffer), 0))).toEqual(['20 alone']);
	}
});

test('a folder in its inode, and going on in an attribute', async () => {
	const inode = makeInode({
		mode: 0o40755,
		size: 60,
		flags: 0x1000_0000,
		change(view) {
			view.setUint32(0x28, 2, true);
			put(
				view,
				[
					[20, 'one'],
					[21, 'two'],
				],
				0x2c,
				0x28 + 60,
			);
		},
	});
	const volume = new SmallVolume();
	expect(text(await readDirectory(volume, geometry, inode))).toEqual(['20 one', '21 two']);
	expect(volume.reads).toBe(0);
});

describe('refused', () => {
	test.each<[string, (view: DataView) => void, RegExp]>([
		[
			'a length of 0',
			(view) => put(view, [...dots, [20, 'a', 0]]),
			/length of folder inode 12 at byte 71708: expected a multiple of 4 from 12 to 1000, found 0/,
		],
		['a length that is odd', (view) => put(view, [...dots, [20, 'a', 14]]), /found 14/],
		['a length beyond the block', (view) => put(view, [...dots, [20, 'a', 1004]]), /found 1004/],
		[
			'a rest too short for an entry',
			(view) => put(view, [...dots, [20, 'a', 992]]),
			/12 bytes or the end, found 8 bytes/,
		],
		[
			'a name longer than its entry',
			(view) => {
				put(view, [...dots, [20, 'abc', 12], [21, 'x']]);
				view.setUint8(24 + 6, 5);
			},
			/nameLength of folder inode 12 at byte 71710: expected at most 4, found 5/,
		],
		['zeros', () => undefined, /found 0/],
		[
			'another folder',
			(view) =>
				put(view, [
					[13, '.'],
					[2, '..'],
				]),
			/"." for inode 12, found an entry for inode 13/,
		],
		['no dots', (view) => put(view, [[12, 'a']]), /First entry/],
		['no entry', (view) => put(view, [[0, '']]), /found no entry/],
	])('%s', async (_, change, message) => {
		const volume = new SmallVolume();
		change(volume.block(70));
		const error = await failure(() => readDirectory(volume, geometry, folderOf([70])));
		expect(error).toMatchObject({ code: 'structure-damaged' });
		expect((error as Error).message).toMatch(message);
	});

	test.each<[string, readonly number[], number, RegExp]>([
		['no size', [70], 0, /Size of folder inode 12 at byte 5124/],
		['a size of no whole block', [70], 1500, /a multiple of 1024/],
		['a size beyond the volume', [70], 4096 * 1024, /below the volume's size/],
		['a hole', [70, 0, 71], 3072, /a place for block 1, found a hole/],
		['a block twice', [70, 71, 71], 3072, /block 71 again/],
	])('%s', async (_, blocks, size, message) => {
		const volume = new SmallVolume();
		for (const block of blocks) if (block > 0) put(volume.block(block), [[0, '']]);
		put(volume.block(70), dots);
		const error = await failure(() => readDirectory(volume, geometry, folderOf(blocks, { size })));
		expect(error).toMatchObject({ code: 'structure-damaged' });
		expect((error as Error).message).toMatch(message);
	});
});

describe('checksums', () => {
	const seed = 0x77;
	const indexed = { ...checked, directoryIndex: true };

	function leaf(volume: SmallVolume, block: number, entries: readonly Entry[]): void {
		const view = volume.block(block);
		put(view, entries, 0, 1012);
		put(view, [[0, '', 12]], 1012);
		view.setUint8(1019, 0xde);
		view.setUint32(1020, slowCrc32c(seed, new Uint8Array(view.buffer, view.byteOffset, 1012)), true);
	}

	/** An index of 2 entries out of 5. */
	function index(volume: SmallVolume, block: number, entries: readonly Entry[], at: number): void {
		const view = volume.block(block);
		put(view, entries);
		view.setUint16(at, 5, true);
		view.setUint16(at + 2, 2, true);
		view.setUint32(at + 40, 0xabcd, true);
		const bytes = new Uint8Array(view.buffer, view.byteOffset, 1024);
		const covered = [...bytes.subarray(0, at + 16), ...bytes.subarray(at + 40, at + 44), 0, 0, 0, 0];
		view.setUint32(at + 44, slowCrc32c(seed, covered), true);
	}

	/** Root, inner node and leaf of an index. */
	function tree(): { volume: SmallVolume; folder: Inode } {
		const volume = new SmallVolume();
		index(volume, 70, dots, 32);
		index(volume, 71, [[0, '']], 8);
		leaf(volume, 72, [[20, 'a']]);
		return { volume, folder: folderOf([70, 71, 72], { flags: 0x1000, seed }) };
	}

	test('of leaves', async () => {
		const volume = new SmallVolume();
		leaf(volume, 70, [...dots, [20, 'a']]);
		const folder = folderOf([70], { seed });
		expect(text(await readDirectory(volume, checked, folder))).toEqual(['20 a']);
		for (const at of [0, 30, 1011, 1012, 1016, 1018, 1019, 1020, 1023]) {
			volume.bytes[70 * 1024 + at]! ^= 8;
			const error = await failure(() => readDirectory(volume, checked, folder));
			expect(error, `byte ${at}`).toMatchObject({ code: 'structure-damaged' });
			volume.bytes[70 * 1024 + at]! ^= 8;
		}
	});

	test('of an index', async () => {
		const { volume, folder } = tree();
		expect(text(await readDirectory(volume, indexed, folder))).toEqual(['20 a']);
		const spots = [12, 47, 32, 33, 35, 73, 1024 + 8, 1024 + 11, 1024 + 20, 1024 + 48, 1024 + 53, 2048 + 9];
		for (const at of spots) {
			volume.bytes[70 * 1024 + at]! ^= 4;
			const error = await failure(() => readDirectory(volume, indexed, folder));
			expect(error, `byte ${at}`).toMatchObject({ code: 'structure-damaged' });
			volume.bytes[70 * 1024 + at]! ^= 4;
		}
	});

	test('the flag of an index means nothing without the feature', async () => {
		const { volume, folder } = tree();
		const error = await failure(() => readDirectory(volume, checked, folder));
		expect((error as Error).message).toMatch(/ext4_dir_entry_tail of folder inode 12 at byte 72692/);
	});
});

test('any block of entries: names that lie in it, or damage', () => {
	const value = fc.oneof(fc.nat(40), fc.constantFrom(12, 16, 0, 1024, 0xffff), fc.nat(0xffff));
	fc.assert(
		fc.property(fc.array(fc.tuple(fc.nat(511), value), { maxLength: 12 }), (changes) => {
			const view = new DataView(new ArrayBuffer(1024));
			put(view, [...dots, [20, 'abc'], [0, 'deleted'], [21, 'a longer name'], [22, 'x']]);
			for (const [at, word] of changes) view.setUint16((at % 60) * 2, word, true);
			const bytes = new Uint8Array(view.buffer);
			try {
				for (const { inode, name } of parseEntries(folderOf([70]), bytes, 0)) {
					expect(inode).toBeGreaterThan(0);
					expect(name.byteOffset + name.length).toBeLessThanOrEqual(1024);
				}
			} catch (error) {
				if (!(error instanceof AfterimageError)) throw error;
				expect(error.code).toBe('structure-damaged');
			}
		}),
		{ numRuns: 2000 },
	);
});
