import { expect, test } from 'vitest';
import { MemoryBytes, type ByteSource } from '../../../../src/base/bytes.ts';
import { UsedBlocks } from '../../../../src/disk/used-blocks.ts';
import { xfsDriver } from '../../../../src/disk/xfs/driver.ts';
import {
	blockSize,
	bufferChange,
	free,
	groupBlocks,
	logBasicBlocks,
	logStart,
	makeSample,
	writeRecord,
} from './sample.ts';

async function open(volume: ByteSource, frozen = false) {
	return (await xfsDriver.open(volume, { frozen }))!;
}

async function usedOf(volume: ByteSource) {
	const used = new UsedBlocks(0, volume.size, blockSize);
	await (await open(volume)).collectUsed(used);
	return used;
}

test('describes the file system', async () => {
	expect((await open(makeSample().volume)).info).toEqual({
		type: 'XFS',
		label: 'sample',
		uuid: 'a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf',
		size: 712 * 1024,
		used: (712 - 504) * 1024,
		free: 504 * 1024,
		clusterSize: 1024,
		totalClusters: 712,
		freeClusters: 504,
		dirty: undefined,
		reservedBytes: 0,
	});
});

test('reports everything but the free extents of all groups', async () => {
	const used = await usedOf(makeSample().volume);
	const expected = groupBlocks.flatMap((blocks, group) =>
		Array.from(
			{ length: blocks },
			(_, block) => !free[group]!.some(([start, n]) => block >= start && block < start + n),
		),
	);
	expect(Array.from({ length: used.count }, (_, block) => used.has(block))).toEqual(expected);
});

test('keeps what follows the file system in a longer partition', async () => {
	const { volume } = makeSample();
	const longer = new Uint8Array(volume.size + 5 * blockSize);
	longer.set(volume.bytes);
	const used = await usedOf(new MemoryBytes(longer));
	expect(Array.from({ length: 6 }, (_, i) => used.has(711 + i))).toEqual([false, true, true, true, true, true]);
});

test('does not know a volume without the magic number or shorter than a superblock', async () => {
	expect(await xfsDriver.open(new MemoryBytes(new Uint8Array(4096)), {})).toBeUndefined();
	expect(await xfsDriver.open(new MemoryBytes(new Uint8Array(100)), {})).toBeUndefined();
});

type Sample = ReturnType<typeof makeSample>;

const reasons: [string, (sample: Sample) => void, RegExp][] = [
	['another version', ({ sb }) => (sb.versionnum = 0xb4a6), /version 6/],
	['mkfs that did not finish', ({ sb }) => (sb.inprogress = 1), /did not finish/],
	['a repair that is due', ({ sb }) => (sb.featuresIncompat |= 0x10), /xfs_repair/],
	['an unknown feature', ({ sb }) => (sb.featuresIncompat |= 0x8000), /bits 0x8000/],
	['a zoned volume', ({ sb }) => (sb.featuresIncompat |= 0x200), /zoned/],
	['an external log', ({ sb }) => (sb.logstart = 0), /log .* another device/],
	['a realtime section', ({ sb }) => (sb.rblocks = 1000), /realtime/],
	['a log outside the groups', ({ sb }) => (sb.logstart = 3 * 256), /XFS log/],
	['a log across a group', ({ sb }) => (sb.logstart = 256 + 250), /XFS log/],
];

test.each(reasons)('stores everything for %s, and says why', async (_, change, reason) => {
	const sample = makeSample();
	change(sample);
	sample.seal();
	const { info } = await open(sample.volume);
	expect(info.dirty).toMatch(reason);
	expect((await usedOf(sample.volume)).used()).toBe(712);
});

const damages: [string, (sample: Sample) => void][] = [
	['a group header of another group', ({ agf }) => (agf(1).seqno = 2)],
	['a group header with another length', ({ agf }) => (agf(2).length = 256)],
	['a group header with another UUID', ({ agf }) => (agf(0).uuid[3]! ^= 1)],
	['a tree of no height', ({ agf }) => (agf(0).bnoLevel = 0)],
	['a tree of absurd height', ({ agf }) => (agf(0).bnoLevel = 200)],
	['a root outside the group', ({ agf }) => (agf(2).bnoRoot = 200)],
	['a sum that differs', ({ agf }) => agf(1).freeblks--],
	['a longest extent that differs', ({ agf }) => agf(1).longest--],
	['a wrong level', ({ treeBlock }) => (treeBlock(0, 5).level = 1)],
	['a wrong owner', ({ treeBlock }) => (treeBlock(1, 2).owner = 0)],
	['a wrong address', ({ treeBlock }) => treeBlock(1, 2).blkno++],
	['another UUID in a tree block', ({ treeBlock }) => (treeBlock(1, 2).uuid[0] = 1)],
	['too many records', ({ treeBlock }) => (treeBlock(1, 2).numrecs = 500)],
	['an inner block without records', ({ treeBlock }) => (treeBlock(0, 2).numrecs = 0)],
	['a right sibling that is not visited', ({ treeBlock }) => (treeBlock(0, 7).rightsib = 9)],
	['a left sibling that was not visited', ({ treeBlock }) => (treeBlock(0, 7).leftsib = 9)],
	['a loop', ({ volume }) => new DataView(volume.bytes.buffer).setUint32(2 * blockSize + 56 + 80 * 8 + 4, 5)],
	[
		'a child outside the group',
		({ volume }) => new DataView(volume.bytes.buffer).setUint32(2 * blockSize + 56 + 80 * 8, 256),
	],
	['extents that overlap', ({ volume }) => new DataView(volume.bytes.buffer).setUint32(7 * blockSize + 56 + 8, 100)],
	[
		'an extent beyond the group',
		({ volume }) => new DataView(volume.bytes.buffer).setUint32(7 * blockSize + 56 + 12, 57),
	],
	[
		'an extent over the group header',
		({ volume }) => new DataView(volume.bytes.buffer).setUint32(5 * blockSize + 56, 1),
	],
];

test.each(damages)('refuses %s', async (_, change) => {
	const sample = makeSample();
	change(sample);
	sample.seal();
	expect((await open(sample.volume)).info.dirty).toBeUndefined();
	await expect(usedOf(sample.volume)).rejects.toMatchObject({ code: 'structure-damaged' });
});

test('refuses a log that is listed as free', async () => {
	const sample = makeSample();
	const view = new DataView(sample.volume.bytes.buffer);
	view.setUint32((256 + 2) * blockSize + 56, 90);
	view.setUint32((256 + 2) * blockSize + 56 + 4, 150);
	sample.seal();
	await expect(usedOf(sample.volume)).rejects.toThrow(/lists the log/);
});

test('refuses a wrong checksum anywhere', async () => {
	const count = makeSample().sealed.length;
	for (let i = 0; i < count; i++) {
		const { volume, sealed } = makeSample();
		volume.bytes[sealed[i]!.start + sealed[i]!.length - 1]! ^= 0x10;
		await expect(usedOf(volume), `structure ${i}`).rejects.toMatchObject({ code: 'structure-damaged' });
	}
});

test('stops when cancelled', async () => {
	const fileSystem = await open(makeSample().volume);
	const used = new UsedBlocks(0, 712 * 1024, blockSize);
	await expect(fileSystem.collectUsed(used, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});

const dirtyOf = async ({ volume }: Sample, frozen = false) => (await open(volume, frozen)).info.dirty;

test('a log of changes to the superblock alone is enough for a frozen volume, and no other', async () => {
	const sample = makeSample();
	writeRecord(sample.volume.bytes, 2, { tail: 2, operations: bufferChange(0) });
	expect(await dirtyOf(sample)).toMatch(/not clean/);
	expect(await dirtyOf(sample, true)).toBeUndefined();
	writeRecord(sample.volume.bytes, 4, { tail: 2, operations: bufferChange(0) });
	expect(await dirtyOf(sample, true)).toBeUndefined();
	expect((await open(sample.volume, true)).info.freeClusters).toBe(504);
});

test('a frozen volume with changes to anything else is not clean', async () => {
	const sample = makeSample();
	writeRecord(sample.volume.bytes, 2, { tail: 2, operations: bufferChange(1) });
	expect(await dirtyOf(sample, true)).toMatch(/freeze/);
	writeRecord(sample.volume.bytes, 4, { tail: 2, operations: bufferChange(0) });
	expect(await dirtyOf(sample, true)).toMatch(/freeze/);
	writeRecord(sample.volume.bytes, 4, { tail: 4, operations: bufferChange(0) });
	expect(await dirtyOf(sample, true)).toBeUndefined();
	writeRecord(sample.volume.bytes, 4, { tail: 4, operations: bufferChange(0).slice(0, 4) });
	expect(await dirtyOf(sample, true)).toMatch(/freeze/);
});

test('an unmount record counts only as the last one', async () => {
	const sample = makeSample();
	const unmount = { flags: 0x20, data: new Uint8Array(8) };
	writeRecord(sample.volume.bytes, 2, { tail: 2, operations: bufferChange(4) });
	expect(await dirtyOf(sample)).toMatch(/not clean/);
	writeRecord(sample.volume.bytes, 4, { tail: 2, operations: [unmount] });
	expect(await dirtyOf(sample)).toBeUndefined();
});

test('the last record may lie at the end of the ring, or go on at its start', async () => {
	const unmount = { tail: 126, operations: [{ flags: 0x20, data: new Uint8Array(8) }] };
	const full = makeSample();
	for (let block = 0; block < 126; block += 2)
		writeRecord(full.volume.bytes, block, { tail: 0, operations: bufferChange(4) });
	writeRecord(full.volume.bytes, 126, unmount);
	expect(await dirtyOf(full)).toBeUndefined();

	// The header is the last block of the ring, the body its first one, in the next cycle.
	const across = makeSample();
	const { bytes } = across.volume;
	for (let block = 1; block < 127; block += 2) writeRecord(bytes, block, { tail: 1, operations: bufferChange(4) });
	writeRecord(bytes, 127, { ...unmount, tail: 127 });
	expect(await dirtyOf(across)).toBeUndefined();
	writeRecord(bytes, 127, { tail: 127, operations: bufferChange(0) });
	expect(await dirtyOf(across)).toMatch(/not clean/);
	expect(await dirtyOf(across, true)).toBeUndefined();
});

test('holes and torn records are never clean', async () => {
	const hole = makeSample();
	for (let block = 0; block < 20; block += 2)
		writeRecord(hole.volume.bytes, block, { tail: 0, operations: bufferChange(4) });
	writeRecord(hole.volume.bytes, 20, { tail: 20, operations: [{ flags: 0x20, data: new Uint8Array(8) }] });
	expect(await dirtyOf(hole)).toBeUndefined();
	hole.volume.bytes.fill(0, logStart + 9 * 512, logStart + 10 * 512);
	expect(await dirtyOf(hole)).toMatch(/not clean/);

	const torn = makeSample();
	torn.volume.bytes.fill(0, logStart + 512, logStart + 1024);
	expect(await dirtyOf(torn)).toMatch(/not clean/);

	const empty = makeSample();
	empty.volume.bytes.fill(0, logStart, logStart + logBasicBlocks * 512);
	expect(await dirtyOf(empty)).toBeUndefined();
});
