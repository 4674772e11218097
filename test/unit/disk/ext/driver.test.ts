import { describe, expect, test } from 'vitest';
import { extDriver } from '../../../../src/disk/ext/driver.ts';
import { makeVolume, SparseVolume, type VolumeOptions } from './make-volume.ts';

async function infoOf(options: VolumeOptions, frozen = false) {
	return (await extDriver.open(makeVolume(options).volume, { frozen }))!.info;
}

describe('the description', () => {
	test('names, sizes and counts', async () => {
		const made = makeVolume({ ratio: 4, blocksPerGroup: 512, blocks: 5000, blockSize: 2048, tail: 100 });
		const info = (await extDriver.open(made.volume, {}))!.info;
		const free = 5000 - made.used.size;
		expect(info).toEqual({
			type: 'ext4',
			label: 'Größe',
			uuid: 'a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf',
			size: 5000 * 2048,
			used: made.used.size * 2048,
			free: free * 2048,
			clusterSize: 8192,
			totalClusters: 1250,
			freeClusters: free / 4,
			dirty: undefined,
			reservedBytes: 0,
		});
	});

	test.each([
		['ext2', 0, 0x2, 0x3],
		['ext3', 0x4, 0x2 | 0x4, 0x7],
		['ext4', 0x4, 0x40, 0],
		['ext4', 0, 0, 0x8],
	])('type %s from its features', async (type, compat, incompat, roCompat) => {
		const narrow = (superblock: DataView) => {
			superblock.setUint32(0x60, incompat, true);
			superblock.setUint32(0x64, roCompat, true);
		};
		expect((await infoOf({ checksums: 'none', compat, spoilSuperblock: narrow })).type).toBe(type);
	});

	test("a descriptor that cannot be is no obstacle: the superblock's count is shown", async () => {
		const spoil = (group: number, descriptor: DataView) => descriptor.setUint32(0, group === 3 ? 0 : 100, true);
		const spoilSuperblock = (superblock: DataView) => superblock.setUint32(0x0c, 1234, true);
		expect((await infoOf({ spoil, spoilSuperblock })).freeClusters).toBe(1234);
		const wild = (superblock: DataView) => superblock.setUint32(0x0c, 0xffffffff, true);
		const info = await infoOf({ spoil, spoilSuperblock: wild });
		expect(info.freeClusters).toBe(info.totalClusters);
	});
});

describe('what is no such file system', () => {
	test('an empty volume, and one too small for a superblock', async () => {
		expect(await extDriver.open(new SparseVolume(1 << 20), {})).toBeUndefined();
		expect(await extDriver.open(new SparseVolume(2047), {})).toBeUndefined();
	});

	test('the magic number alone is damage', async () => {
		const volume = new SparseVolume(1 << 20);
		volume.write(1024 + 0x38, Uint8Array.of(0x53, 0xef));
		await expect(extDriver.open(volume, {})).rejects.toMatchObject({ code: 'structure-damaged' });
	});
});

describe('doubt', () => {
	const journal = 'its journal has to be replayed';
	const orphans = 'deleted files wait to be released';
	const unclean = 'it was not cleanly unmounted, or is mounted without a journal';
	test.each([
		['nothing', {}, undefined, undefined],
		['an incompatible feature', { incompat: 0x800 }, 'feature bits incompat 0x800 are not known', 'same'],
		['a read-only compatible feature', { roCompat: 0x80 }, 'feature bits ro_compat 0x80 are not known', 'same'],
		[
			'both',
			{ incompat: 0x80000000, roCompat: 0x800 },
			'feature bits incompat 0x80000000, ro_compat 0x800 are not known',
			'same',
		],
		['a compatible feature', { compat: 0x80000004 }, undefined, undefined],
		['a journal to replay', { incompat: 0x4 }, journal, 'same'],
		['no clean state', { state: 0 }, unclean, 'same'],
		['errors', { state: 3 }, 'errors were found in it and wait for e2fsck', 'same'],
		['recovery under way', { state: 5 }, 'its recovery was not finished', 'same'],
		['orphans', { lastOrphan: 12 }, orphans, undefined],
		['an orphan file in use', { roCompat: 0x10000 }, orphans, undefined],
		['several things', { lastOrphan: 12, state: 0 }, `${unclean}; ${orphans}`, unclean],
		['a bad place of mmp', { incompat: 0x100 }, 'its multi-mount protection names block 0', undefined],
		['harmless features', { incompat: 0x3f242, roCompat: 0xf16a }, undefined, undefined],
	] as [string, VolumeOptions, string | undefined, string | undefined][])('%s', async (_, options, live, frozen) => {
		expect((await infoOf(options)).dirty).toBe(live);
		expect((await infoOf(options, true)).dirty).toBe(frozen === 'same' ? live : frozen);
	});

	test('a later revision', async () => {
		const spoilSuperblock = (superblock: DataView) => superblock.setUint32(0x4c, 2, true);
		expect((await infoOf({ spoilSuperblock })).dirty).toBe('revision 2 is not known');
	});

	test('an external journal is named', async () => {
		const spoilSuperblock = (superblock: DataView) => {
			superblock.setUint32(0xe0, 0, true);
			for (let i = 0; i < 16; i++) superblock.setUint8(0xd0 + i, i);
		};
		expect((await infoOf({ incompat: 0x4, spoilSuperblock })).dirty).toBe(
			'its journal on the external device 00010203-0405-0607-0809-0a0b0c0d0e0f has to be replayed',
		);
	});

	test.each([
		[0x004d4d50, 0xff4d4d50, undefined],
		[0x004d4d50, 0x00000007, 'multi-mount protection says that it is in use'],
		[0x004d4d50, 0xe24d4d50, 'multi-mount protection says that it is in use'],
		[0x004d4d51, 0xff4d4d50, 'its multi-mount protection block 200 is damaged'],
	])('mmp block with magic %i and sequence %i', async (magic, sequence, reason) => {
		const spoilSuperblock = (superblock: DataView) => superblock.setUint32(0x168, 200, true);
		const { volume } = makeVolume({ incompat: 0x100, used: [200], spoilSuperblock });
		const block = new DataView(new ArrayBuffer(8));
		block.setUint32(0, magic, true);
		block.setUint32(4, sequence, true);
		volume.write(200 * 1024, new Uint8Array(block.buffer));
		expect((await extDriver.open(volume, {}))!.info.dirty).toBe(reason);
		expect((await extDriver.open(volume, { frozen: true }))!.info.dirty).toBeUndefined();
	});

	test('a doubtful volume is used from end to end', async () => {
		const { volume } = makeVolume({ state: 0, tail: 10 });
		const found: number[][] = [];
		await (await extDriver.open(volume, {}))!.collectUsed({ add: (start, end) => found.push([start, end]) });
		expect(found).toEqual([[0, volume.size]]);
	});
});

describe('the superblock', () => {
	const set = (offset: number, value: number) => (superblock: DataView) => superblock.setUint32(offset, value, true);
	test.each([
		['logBlockSize', set(0x18, 7), '0 to 6, found 7'],
		['firstDataBlock', set(0x14, 0), '1, found 0'],
		['blocksCountLow', set(0x04, 5222), '2 to 5221, found 5222'],
		['blocksCountLow', set(0x04, 1), '2 to 5221, found 1'],
		['blocksCountLow', set(0x150, 0xffffffff), '2 to 5221, found 18446744069414590000'],
		['blocksPerGroup', set(0x20, 0), 'a multiple of 8 up to 8192, found 0'],
		['blocksPerGroup', set(0x20, 8200), 'a multiple of 8 up to 8192, found 8200'],
		['blocksPerGroup', set(0x20, 252), 'a multiple of 8 up to 8192, found 252'],
		['inodesPerGroup', set(0x28, 0), '1 to 8192, found 0'],
		['inodesCount', set(0x00, 1), '672, found 1'],
		['inodeSize', (s: DataView) => s.setUint16(0x58, 2048, true), '128 to 1024, found 2048'],
		['inodeSize', (s: DataView) => s.setUint16(0x58, 192, true), '128 to 1024, found 192'],
		['descriptorSize', (s: DataView) => s.setUint16(0xfe, 32, true), 'a power of two from 64 to 1024, found 32'],
		['reservedGdtBlocks', (s: DataView) => s.setUint16(0xce, 257, true), '0 to 256, found 257'],
		['checksumType', (s: DataView) => s.setUint8(0x175, 2), '1 (crc32c), found 2'],
	] as [string, (superblock: DataView) => void, string][])('%s', async (field, spoilSuperblock, text) => {
		const { volume } = makeVolume({ spoilSuperblock });
		const error = await extDriver.open(volume, {}).catch((thrown: Error) => thrown);
		expect((error as Error).message).toMatch(new RegExp(`^ext4_super_block.${field} at byte \\d+: expected `));
		expect((error as Error).message).toContain(`expected ${text}`);
	});

	test('with meta_bg, the first meta group', async () => {
		const { volume } = makeVolume({ incompat: 0x10, spoilSuperblock: set(0x104, 3) });
		await expect(extDriver.open(volume, {})).rejects.toThrow('firstMetaGroup at byte 1284: expected 0 to 2, found 3');
	});

	test('a wrong checksum that is right at the next reading', async () => {
		const { volume } = makeVolume();
		const good = new Uint8Array(1024);
		await volume.read(1024, good);
		volume.write(1024 + 0x30, Uint8Array.of(9));
		let reads = 0;
		const changing = {
			size: volume.size,
			async read(offset: number, target: Uint8Array) {
				if (offset === 1024 && ++reads === 2) volume.write(1024, good);
				await volume.read(offset, target);
			},
		};
		expect((await extDriver.open(changing, {}))!.info.dirty).toBeUndefined();
		volume.write(1024 + 0x30, Uint8Array.of(9));
		await expect(extDriver.open(volume, {})).rejects.toThrow(/ext4_super_block.checksum at byte 2044/);
	});
});
