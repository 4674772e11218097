import { expect, test } from 'vitest';
import { BlockMap } from '../../../../src/disk/ext/files/content/block-map.ts';
import { openContent } from '../../../../src/disk/ext/files/content/content.ts';
import { failure, geometry, inodePosition, makeInode, SmallVolume } from './small-files.ts';

/** Blocks of a file that one indirect block of 1 KiB leads to. */
const span = 256;

function mapOf(volume: SmallVolume, numbers: Readonly<Record<number, number>>, size = 2 ** 30): BlockMap {
	return new BlockMap(volume, geometry, inodeOf(numbers, size));
}

function inodeOf(numbers: Readonly<Record<number, number>>, size: number) {
	return makeInode({
		size,
		change(view) {
			for (const [i, number] of Object.entries(numbers)) view.setUint32(0x28 + Number(i) * 4, number, true);
		},
	});
}

function put(volume: SmallVolume, block: number, numbers: Readonly<Record<number, number>>): void {
	for (const [i, number] of Object.entries(numbers)) volume.block(block).setUint32(Number(i) * 4, number, true);
}

test('direct blocks, in runs', async () => {
	const map = mapOf(new SmallVolume(), { 0: 100, 1: 101, 2: 102, 3: 90, 6: 200, 10: 300, 11: 301, 12: 302 });
	const runs = [];
	for (let block = 0; block < 12;) {
		const run = await map.runAt(block);
		runs.push([run.start, run.count]);
		block += run.count;
	}
	expect(runs).toEqual([
		[100, 3],
		[90, 1],
		[undefined, 2],
		[200, 1],
		[undefined, 3],
		[300, 2],
	]);
});

test('indirect, double and triple indirect blocks, each read once', async () => {
	const volume = new SmallVolume();
	put(volume, 50, { 0: 500, 1: 501, 255: 600 });
	put(volume, 51, { 0: 52, 200: 53 });
	put(volume, 53, { 7: 700, 8: 701 });
	put(volume, 60, { 255: 61 });
	put(volume, 61, { 255: 62 });
	put(volume, 62, { 255: 4095 });
	const map = mapOf(volume, { 12: 50, 13: 51, 14: 60 });
	const double = 12 + span;
	const triple = double + span ** 2;
	expect(await map.runAt(12)).toEqual({ start: 500, count: 2 });
	expect(await map.runAt(14)).toEqual({ start: undefined, count: 253 });
	expect(await map.runAt(12 + 255)).toEqual({ start: 600, count: 1 });
	expect(await map.runAt(double)).toEqual({ start: undefined, count: span });
	expect(await map.runAt(double + span + 6)).toEqual({ start: undefined, count: span - 6 });
	expect(await map.runAt(double + 200 * span + 7)).toEqual({ start: 700, count: 2 });
	expect(await map.runAt(triple + 5)).toEqual({ start: undefined, count: span ** 2 - 5 });
	expect(await map.runAt(triple + span ** 3 - 1)).toEqual({ start: 4095, count: 1 });
	expect(volume.reads).toBe(7);
});

test('a hole where no indirect block is', async () => {
	const map = mapOf(new SmallVolume(), { 0: 100 });
	expect(await map.runAt(20)).toEqual({ start: undefined, count: span - 8 });
	expect(await map.runAt(12 + span + 1)).toEqual({ start: undefined, count: span ** 2 - 1 });
	expect(await map.runAt(12 + span + span ** 2)).toEqual({ start: undefined, count: span ** 3 });
});

test.each([
	['the superblock', { 0: 1 }, 0, /map of inode 12 at byte 5160: expected blocks 2 to 4095, found 1/],
	['a block outside', { 0: 4096 }, 0, /found 4096/],
	['a run that leaves the volume', { 0: 4095, 1: 4096 }, 0, /found 4095 to 4096/],
	['an indirect block outside', { 12: 4096 }, 12, /at byte 5208: .* found 4096/],
	['a double indirect block outside', { 13: 0xffff_ffff }, 12 + span, /found 4294967295/],
	['a number in an indirect block', { 12: 50 }, 13, /at byte 51204: .* found 5000/],
	['more than triple indirect', {}, 12 + span + span ** 2 + span ** 3, /at most triple indirect/],
])('refused: %s', async (_, numbers, block, message) => {
	const volume = new SmallVolume();
	put(volume, 50, { 1: 5000 });
	const error = await failure(() => mapOf(volume, numbers).runAt(block));
	expect(error).toMatchObject({ code: 'structure-damaged' });
	expect((error as Error).message).toMatch(message);
});

test('an indirect block that leads to itself ends', async () => {
	const volume = new SmallVolume();
	put(volume, 50, { 0: 50 });
	expect(await mapOf(volume, { 14: 50 }).runAt(12 + span + span ** 2)).toEqual({ start: 50, count: 1 });
});

test('contents are read with one read a run, from any byte', async () => {
	const volume = new SmallVolume();
	for (let block = 100; block < 200; block++) volume.bytes.fill(block, block * 1024, (block + 1) * 1024);
	const inode = inodeOf({ 0: 100, 1: 101, 2: 102, 4: 110, 5: 111 }, 5500);
	expect(inode.position).toBe(inodePosition);
	const source = openContent(volume, geometry, inode);
	expect(source.size).toBe(5500);
	const target = new Uint8Array(5000).fill(9);
	await source.read(500, target);
	const expected = new Uint8Array(6144);
	for (const [i, value] of [100, 101, 102, 0, 110, 111].entries()) expected.fill(value, i * 1024, (i + 1) * 1024);
	expect(target).toEqual(expected.slice(500, 5500));
	expect(volume.log).toEqual([
		[100 * 1024 + 500, 3 * 1024 - 500],
		[110 * 1024, 1404],
	]);
	await expect(source.read(5000, new Uint8Array(501))).rejects.toMatchObject({ code: 'read-error' });
});
