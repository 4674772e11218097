import { expect, test } from 'vitest';
import { MemoryBytes, type ByteSource } from '../../../../src/base/bytes.ts';
import { UsedBlocks } from '../../../../src/disk/used-blocks.ts';
import { xfsDriver } from '../../../../src/disk/xfs/driver.ts';
import { unreadableFrom } from '../hostile.ts';
import { blockSize, free, groupBlocks, logStart, makeSample } from './sample.ts';

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

const damages: [string, (sample: Sample) => void, RegExp][] = [
	['a group header of another group', ({ agf }) => (agf(1).seqno = 2), /AGF 1, number/],
	['a group header with another length', ({ agf }) => (agf(2).length = 256), /AGF 2, length/],
	['a group header with another UUID', ({ agf }) => (agf(0).uuid[3]! ^= 1), /AGF 0, UUID/],
	['a tree of no height', ({ agf }) => (agf(0).bnoLevel = 0), /tree height/],
	['a tree of absurd height', ({ agf }) => (agf(0).bnoLevel = 200), /tree height/],
	['a root outside the group', ({ agf }) => (agf(2).bnoRoot = 200), /tree root/],
	['a sum that differs', ({ agf }) => agf(1).freeblks--, /sum of free/],
	['a longest extent that differs', ({ agf }) => agf(1).longest--, /longest/],
	['a wrong level', ({ treeBlock }) => (treeBlock(0, 5).level = 1), /level/],
	['a wrong owner', ({ treeBlock }) => (treeBlock(1, 2).owner = 0), /owner/],
	['a wrong address', ({ treeBlock }) => treeBlock(1, 2).blkno++, /own address/],
	['another UUID in a tree block', ({ treeBlock }) => (treeBlock(1, 2).uuid[0] = 1), /UUID/],
	['too many records', ({ treeBlock }) => (treeBlock(1, 2).numrecs = 500), /number of records/],
	['an inner block without records', ({ treeBlock }) => (treeBlock(0, 2).numrecs = 0), /number of records/],
	['a right sibling that is not visited', ({ treeBlock }) => (treeBlock(0, 7).rightsib = 9), /right sibling/],
	['a left sibling that was not visited', ({ treeBlock }) => (treeBlock(0, 7).leftsib = 9), /left sibling/],
	[
		'a loop',
		({ volume }) => new DataView(volume.bytes.buffer).setUint32(2 * blockSize + 56 + 80 * 8 + 4, 5),
		/sibling/,
	],
	[
		'a child outside the group',
		({ volume }) => new DataView(volume.bytes.buffer).setUint32(2 * blockSize + 56 + 80 * 8, 256),
		/child block/,
	],
	[
		'extents that overlap',
		({ volume }) => new DataView(volume.bytes.buffer).setUint32(7 * blockSize + 56 + 8, 100),
		/free extent/,
	],
	[
		'an extent beyond the group',
		({ volume }) => new DataView(volume.bytes.buffer).setUint32(7 * blockSize + 56 + 12, 57),
		/length of a free extent/,
	],
	[
		'an extent over the group header',
		({ volume }) => new DataView(volume.bytes.buffer).setUint32(5 * blockSize + 56, 1),
		/free extent/,
	],
	['another magic number in a group header', ({ agf }) => (agf(1).magicnum = 1), /magic number/],
	['another version of a group header', ({ agf }) => (agf(1).versionnum = 2), /version/],
	['more free blocks than there are', ({ agf }) => (agf(1).freeblks = 257), /AGF 1, free blocks/],
	['another magic number in a tree block', ({ treeBlock }) => (treeBlock(1, 2).magic = 1), /magic number/],
	['a right sibling that is another', ({ treeBlock }) => (treeBlock(0, 5).rightsib = 9), /right sibling/],
];

test.each(damages)('refuses %s', async (_, change, message) => {
	const sample = makeSample();
	change(sample);
	sample.seal();
	expect((await open(sample.volume)).info.dirty).toBeUndefined();
	await expect(usedOf(sample.volume)).rejects.toMatchObject({
		code: 'structure-damaged',
		message: expect.stringMatching(message) as string,
	});
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

const superblocks: [string, (sample: Sample) => void, RegExp][] = [
	['a sector that is too small', ({ sb }) => (sb.sectlog = 8), /sector size/],
	['two sector sizes', ({ sb }) => (sb.sectsize = 1024), /sector size/],
	['a block that is too large', ({ sb }) => (sb.blocklog = 17), /block size/],
	['two block sizes', ({ sb }) => (sb.blocksize = 2048), /block size/],
	['groups that are too small', ({ sb }) => (sb.agblocks = 63), /agblocks/],
	['groups that are too large', ({ sb }) => (sb.agblocks = 2 ** 30 + 1), /agblocks/],
	['another shift of group numbers', ({ sb }) => (sb.agblklog = 9), /agblklog/],
	['no blocks', ({ sb }) => Object.assign(sb, { dblocks: 0, agcount: 0, fdblocks: 0 }), /dblocks/],
	['more blocks than a number holds', ({ sb }) => (sb.dblocks = 2 ** 52), /dblocks/],
	['another number of groups', ({ sb }) => (sb.agcount = 4), /agcount/],
	['more free blocks than blocks', ({ sb }) => (sb.fdblocks = 713), /fdblocks/],
];

test.each(superblocks)('refuses a superblock with %s', async (_, change, message) => {
	const sample = makeSample();
	change(sample);
	sample.seal();
	await expect(open(sample.volume)).rejects.toMatchObject({
		code: 'structure-damaged',
		message: expect.stringMatching(message) as string,
	});
});

test('stores everything when the partition is too short', async () => {
	const short = new MemoryBytes(makeSample().volume.bytes.slice(0, 700 * blockSize));
	const { info } = await open(short);
	expect(info.dirty).toMatch(/longer than its partition/);
	expect(info.size).toBe(700 * blockSize);
	expect((await usedOf(short)).used()).toBe(700);
});

test('passes on a failure to read', async () => {
	const { volume } = makeSample();
	await expect(open(unreadableFrom(logStart, volume))).rejects.toMatchObject({ code: 'read-error' });
});

test('stops when cancelled', async () => {
	const fileSystem = await open(makeSample().volume);
	const used = new UsedBlocks(0, 712 * 1024, blockSize);
	await expect(fileSystem.collectUsed(used, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});
