import { expect, test } from 'vitest';
import { MemoryBytes, type ByteSource } from '../../../../src/base/bytes.ts';
import { btrfsDriver } from '../../../../src/disk/btrfs/driver.ts';
import { blockGroup, keyType, superblockOffset } from '../../../../src/disk/btrfs/structures.ts';
import { UsedBlocks } from '../../../../src/disk/used-blocks.ts';
import { unreadableFrom } from '../hostile.ts';
import { deviceSize, makeSample, node, type Sample } from './sample.ts';

async function open(volume: ByteSource) {
	return (await btrfsDriver.open(volume, {}))!;
}

async function usedOf(volume: ByteSource) {
	const used = new UsedBlocks(0, volume.size, 4096);
	await (await open(volume)).collectUsed(used);
	return used;
}

test('describes the file system', async () => {
	expect((await open(makeSample().volume)).info).toEqual({
		type: 'Btrfs',
		label: 'sample',
		uuid: 'b0b1b2b3-b4b5-b6b7-b8b9-babbbcbdbebf',
		deviceUuid: 'd0d1d2d3-d4d5-d6d7-d8d9-dadbdcdddedf',
		size: deviceSize,
		used: 24 * 4096,
		free: deviceSize - 24 * 4096,
		clusterSize: 4096,
		totalClusters: 1024,
		freeClusters: 1000,
		dirty: undefined,
		reservedBytes: 0,
	});
});

test('reports the start of the device, and all copies of nodes and data', async () => {
	const used = await usedOf(makeSample().volume);
	const expected = new Set<number>();
	const add = (start: number, length: number) => {
		for (let block = start / 4096; block < (start + length) / 4096; block++) expected.add(block);
	};
	add(0, 0x100000);
	add(0x100000, 0x1000);
	add(0x180000, 0x1000);
	add(0x200000, 0x4000);
	add(0x240000, 0x4000);
	add(0x280000, 0x12000);
	add(0x2a0000, 0x1000);
	expect(Array.from({ length: used.count }, (_, block) => block).filter((block) => used.has(block))).toEqual(
		[...expected].sort((a, b) => a - b),
	);
});

test('keeps what follows the file system in a longer partition', async () => {
	const longer = new Uint8Array(deviceSize + 8192);
	longer.set(makeSample().volume.bytes);
	const used = await usedOf(new MemoryBytes(longer));
	expect([1023, 1024, 1025].map((block) => used.has(block))).toEqual([false, true, true]);
});

test('keeps the copy of the superblock at 64 MiB of a device that has it', async () => {
	const { volume, sb, checksums } = makeSample();
	const size = 80 << 20;
	[sb.totalBytes, sb.devTotalBytes] = [size, size];
	checksums();
	const source: ByteSource = {
		size,
		read: async (offset, target) => {
			target.fill(0);
			if (offset < volume.size) target.set(volume.bytes.subarray(offset, offset + target.length));
		},
	};
	const used = await usedOf(source);
	const copy = (64 << 20) / 4096;
	expect([copy - 1, copy, copy + 1].map((block) => used.has(block))).toEqual([false, true, false]);
});

test('does not know a volume without the magic number or shorter than a superblock', async () => {
	expect(await btrfsDriver.open(new MemoryBytes(new Uint8Array(1 << 20)), {})).toBeUndefined();
	expect(await btrfsDriver.open(new MemoryBytes(new Uint8Array(superblockOffset)), {})).toBeUndefined();
});

test('takes the second copy of a node that is damaged, and fails when both are', async () => {
	for (const logical of Object.values(node)) {
		const { volume, header } = makeSample();
		header(logical, 0).bytes[70]! ^= 1;
		expect((await usedOf(volume)).used()).toBe(256 + 2 + 8 + 19);
		header(logical, 1).bytes[70]! ^= 1;
		const failed = (await open(volume)).info.dirty !== undefined || usedOf(volume);
		if (failed !== true) await expect(failed).rejects.toMatchObject({ code: 'structure-damaged' });
	}
});

/** Sets 64 bits of a chunk in the chunk tree: of the data, the fourth item, unless another is named. */
function chunkField(sample: Sample, offset: number, value: number, index = 3): void {
	const { offset: start } = sample.item(node.chunk, index);
	new DataView(sample.volume.bytes.buffer).setBigUint64(0x100000 + 0x65 + start + offset, BigInt(value), true);
}

test('a damaged node without a second copy is the end', async () => {
	const sample = makeSample();
	chunkField(sample, 0x18, blockGroup.metadata, 2);
	chunkField(sample, 0x28, 2 ** 32, 2);
	sample.seal();
	expect((await usedOf(sample.volume)).used()).toBe(256 + 2 + 4 + 19);
	sample.header(node.leaf1).bytes[70]! ^= 1;
	await expect(usedOf(sample.volume)).rejects.toMatchObject({ code: 'structure-damaged' });
});

const reasons: [string, (sample: Sample) => void, RegExp][] = [
	['several devices', ({ sb }) => (sb.numDevices = 2), /2 devices/],
	['an unknown checksum', ({ sb }) => (sb.csumType = 4), /checksum type 4/],
	['a zoned device', ({ sb }) => (sb.incompatFlags = 0x1341), /zoned/],
	['the extent tree v2', ({ sb }) => (sb.incompatFlags = 0x2341), /extent tree v2/],
	['a stripe tree', ({ sb }) => (sb.incompatFlags = 0x4341), /stripe tree/],
	['an unknown feature', ({ sb }) => (sb.incompatFlags = 0x80341), /bits 0x80000/],
	['an unknown feature beyond 32 bits', ({ sb }) => (sb.incompatFlags = 0x100_0000_0341), /bits 0x10000000000/],
	['an unfinished change of the UUID', ({ sb }) => (sb.flags = 2 ** 36), /did not finish/],
	['a tree log', ({ sb }) => (sb.logRoot = 0x184000), /tree log/],
	['RAID5', (sample) => chunkField(sample, 0x18, blockGroup.data | blockGroup.raid5), /RAID5/],
	['an unknown profile', (sample) => chunkField(sample, 0x18, 0x2001), /0x2001/],
	['a chunk on another device', (sample) => chunkField(sample, 0x30, 7), /device/],
	['a chunk beyond the device', (sample) => chunkField(sample, 0x38, deviceSize - 4096), /end/],
	['a chunk of no length', (sample) => chunkField(sample, 0, 0), /length/],
	['a chunk with too few copies', (sample) => chunkField(sample, 0x18, blockGroup.data | blockGroup.dup), /stripes/],
	['a chunk that is cut', ({ item }) => (item(node.chunk, 3).size = 60), /number of stripes/],
	['a chunk over another', (sample) => sample.setKey(node.chunk, 3, [256, keyType.chunkItem, 0x1bf000]), /start/],
	['a system chunk that is none', ({ sb }) => (sb.sysChunkArray[8] = 1), /sys_chunk_array/],
	['a chunk tree outside the chunks', ({ sb }) => (sb.chunkRoot = 0x900000), /address in a chunk/],
];

test.each(reasons)('stores everything for %s, and says why', async (_, change, reason) => {
	const sample = makeSample();
	change(sample);
	sample.seal();
	expect((await open(sample.volume)).info.dirty).toMatch(reason);
	expect((await usedOf(sample.volume)).used()).toBe(1024);
});

test('an unknown read-only feature is no reason', async () => {
	const sample = makeSample();
	sample.sb.compatRoFlags = 0xff;
	sample.seal();
	expect((await open(sample.volume)).info.dirty).toBeUndefined();
});

const superblocks: [string, (sample: Sample) => void][] = [
	['a node size that is no power of two', ({ sb }) => (sb.nodesize = 5000)],
	['a node size below the sector size', ({ sb }) => (sb.sectorsize = 16384)],
	['another own address', ({ sb }) => (sb.bytenr = 0)],
	['more used than there is', ({ sb }) => (sb.bytesUsed = deviceSize + 1)],
	['no device', ({ sb }) => (sb.devTotalBytes = 0)],
	['a level that is too high', ({ sb }) => (sb.rootLevel = 8)],
	['more system chunks than fit', ({ sb }) => (sb.sysChunkArraySize = 2049)],
];

test.each(superblocks)('refuses a superblock with %s', async (_, change) => {
	const sample = makeSample();
	change(sample);
	sample.seal();
	await expect(open(sample.volume)).rejects.toMatchObject({ code: 'structure-damaged' });
});

test('refuses a superblock with a wrong checksum', async () => {
	const { volume, sb } = makeSample();
	sb.label[3]! ^= 1;
	await expect(open(volume)).rejects.toMatchObject({ code: 'structure-damaged' });
});

const damages: [string, (sample: Sample) => void, RegExp][] = [
	['another own address', ({ header }) => (header(node.leaf1).bytenr = node.leaf2), /own address/],
	['another generation', ({ header }) => header(node.leaf1).generation--, /generation/],
	['another owner', ({ header }) => (header(node.leaf1).owner = 5), /owner/],
	['another level', ({ header }) => (header(node.leaf1).level = 1), /level/],
	['another UUID', ({ header }) => (header(node.leaf1).fsid[0]! ^= 1), /UUID/],
	['too many items', ({ header }) => (header(node.leaf1).nritems = 5000), /number of items/],
	['no items', ({ header }) => (header(node.leaf1).nritems = 0), /number of items/],
	['keys out of order', ({ setKey }) => setKey(node.leaf2, 1, [0x1a0000, keyType.extentItem, 4096]), /order of keys/],
	[
		'a child with another first key',
		({ setKey }) => setKey(node.extentRoot, 1, [0x1c0000, keyType.extentItem, 1], 1),
		/first key/,
	],
	['a child seen twice', ({ pointer }) => (pointer(node.extentRoot, 1).blockptr = node.leaf1), /first key|order/],
	['a child that is itself', ({ pointer }) => (pointer(node.extentRoot, 1).blockptr = node.extentRoot), /level/],
	[
		'a child outside the chunks',
		({ pointer }) => (pointer(node.extentRoot, 1).blockptr = 0x1000),
		/address in a chunk/,
	],
	[
		'extents that overlap',
		({ setKey }) => setKey(node.leaf2, 1, [0x1cf000, keyType.extentItem, 0x2000]),
		/start at or after/,
	],
	[
		'an extent across a chunk',
		({ setKey }) => setKey(node.leaf2, 2, [0x1e0000, keyType.extentItem, 0x100000]),
		/inside a chunk/,
	],
	['an extent of no length', ({ setKey }) => setKey(node.leaf2, 2, [0x1e0000, keyType.extentItem, 0]), /multiple of/],
	[
		'an extent of half a sector',
		({ setKey }) => setKey(node.leaf2, 2, [0x1e0000, keyType.extentItem, 2048]),
		/multiple of/,
	],
	['a sum that differs', ({ sb }) => (sb.bytesUsed += 4096), /sum of extents/],
	[
		'an extent tree that is not there',
		({ setKey }) => setKey(node.root, 0, [4, keyType.rootItem, 0]),
		/an extent tree/,
	],
	['a root item that is too short', ({ item }) => (item(node.root, 0).size = 100), /root item/],
	['a root item beyond its leaf', ({ item }) => (item(node.root, 0).offset = 4000), /end of its data/],
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

test('stores everything when the partition is too short', async () => {
	const short = new MemoryBytes(makeSample().volume.bytes.slice(0, deviceSize - 4096));
	const { info } = await open(short);
	expect(info.dirty).toMatch(/longer than its partition/);
	expect(info.size).toBe(deviceSize - 4096);
	expect((await usedOf(short)).used()).toBe(1023);
});

test('passes on a failure to read', async () => {
	const { volume } = makeSample();
	await expect(open(unreadableFrom(0x100000, volume))).rejects.toMatchObject({ code: 'read-error' });
});

test('stops when cancelled', async () => {
	const fileSystem = await open(makeSample().volume);
	const used = new UsedBlocks(0, deviceSize, 4096);
	await expect(fileSystem.collectUsed(used, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});
