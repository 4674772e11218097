import { describe, expect, it } from 'vitest';
import { BlockIndex } from '../../../src/image/index/block-index.ts';
import { completeManifest } from '../../../src/image/manifest.ts';
import { ImageWriter } from '../../../src/image/writer.ts';
import { codec } from './backups.ts';
import { MemoryFolder } from './memory-folder.ts';
import { messageOf } from './structures/message-of.ts';

interface Made {
	type?: 'full' | 'diff' | 'inc';
	delta?: boolean;
	reserved?: number;
	fileNumber?: number;
	base?: BlockIndex;
	track0?: Uint8Array;
	splitSize?: number;
	blocks?: number;
}

const blockSize = 4096;

/** A writer of one partition, of ten blocks where nothing else is said. */
function made({
	type = 'full',
	delta = false,
	reserved = 0,
	fileNumber = 0,
	base,
	track0,
	splitSize,
	blocks = 10,
}: Made) {
	const folder = new MemoryFolder();
	const manifest = completeManifest({
		_compression: { compression_level: 'none' },
		_encryption: { enable: false, key_iterations: 0 },
		_header: {
			imageid: '0123456789ABCDEF',
			file_number: fileNumber,
			increment_number: 0,
			index_file_position: 0,
			delta_index: delta,
			backup_type: type,
			backup_time: 1000,
		},
		disks: [
			{
				_geometry: { bytes_per_sector: 512, disk_size: 1 << 30 },
				_header: { disk_format: 'mbr', disk_number: 0, disk_signature: 'ABCDEF01' },
				partitions: [
					{
						_file_system: { lcn0_offset: (1 << 20) + reserved, reserved_sectors_byte_length: reserved },
						_geometry: { start: 1 << 20, length: blocks * blockSize },
						_header: { block_size: blockSize, partition_number: 1 },
					},
				],
			},
		],
	});
	const writer = new ImageWriter({
		manifest,
		disks: [{ track0: track0 ?? new Uint8Array(512), ept: [] }],
		base: base && [[base]],
		output: folder.output((number) => `${number}.mrimgx`),
		codec,
		splitSize,
	});
	return { writer, partition: writer.partition(0, 0), folder };
}

/** Blocks of the given lengths. */
function batch(...blocks: [number, number][]) {
	return {
		count: blocks.length,
		blocks: Uint32Array.from(blocks, ([block]) => block),
		lengths: Uint32Array.from(blocks, ([, length]) => length),
		md5: new Uint8Array(16 * blocks.length),
		data: new Uint8Array(blocks.reduce((sum, [, length]) => sum + length, 0)),
	};
}

function indexOf(...blocks: number[]): BlockIndex {
	const index = new BlockIndex(10);
	for (const block of blocks) index.set(block, block * 100, new Uint8Array(16), 0, 7, 3);
	return index;
}

function storedIn(index: BlockIndex): number[][] {
	const found: number[][] = [];
	for (let block = index.next(0); block < index.count; block = index.next(block + 1))
		found.push([block, index.position(block), index.storedLength(block), index.fileNumber(block)]);
	return found;
}

describe('the writer of an image', () => {
	it('refuses what cannot become an image that restores', async () => {
		expect(await messageOf(() => made({ track0: new Uint8Array(0) }))).toMatch(/needs its first sectors/);
		for (const without of [{ delta: true }, { type: 'diff' as const }])
			expect(await messageOf(() => made(without))).toMatch(/^invalid-argument: Partition 0 of disk 0 has no base/);
		expect(await messageOf(() => made({}).writer.partition(0, 1))).toMatch(/No partition 1 on disk 0/);
	});

	it('counts the bytes of all files, and begins the next where one is full', async () => {
		const { writer, partition } = made({ splitSize: 20_000 });
		for (let block = 0; block < 6; block++) await partition.appendBlocks(batch([block, blockSize]));
		expect(writer.files.length).toBeGreaterThan(0);
		expect(writer.storedBytes).toBe(6 * blockSize);
		const files = await writer.finish();
		expect(files.reduce((sum, file) => sum + file.dataEnd, 0)).toBe(6 * blockSize);
	});

	it('takes one file where that is enough, also when nothing is in use', async () => {
		expect(await made({}).writer.finish()).toMatchObject([{ fileNumber: 0, dataEnd: 0 }]);
		const { writer, partition } = made({ splitSize: 100_000 });
		await partition.appendBlocks(batch([0, blockSize], [1, 5]));
		const files = await writer.finish();
		expect(files).toMatchObject([{ fileNumber: 0, dataEnd: blockSize + 5 }]);
		expect(files[0]!.manifest.disks[0]!.partitions[0]!._header.block_count).toBe(10);
	});

	it.each([
		['an index', { blocks: 20_000, splitSize: 700_000 }, 200_000],
		['first sectors', { track0: new Uint8Array(300_000).fill(7), splitSize: 350_000 }, 100_000],
	])('begins another file where %s would make this one too large', async (_, more, bytes) => {
		const { writer, partition, folder } = made(more);
		await partition.appendBlocks(batch([0, bytes]));
		const files = await writer.finish();
		expect(files.map((file) => file.dataEnd)).toEqual([bytes, 0]);
		for (const [name, { length }] of folder.files) expect([name, length <= more.splitSize]).toEqual([name, true]);
	});

	it('divides blocks that come at once where a file is full', async () => {
		const { writer, partition, folder } = made({ splitSize: 30_000 });
		await partition.appendBlocks(batch(...Array.from({ length: 10 }, (_, block): [number, number] => [block, 6000])));
		await writer.finish();
		expect(folder.files.size).toBeGreaterThan(2);
		for (const [name, { length }] of folder.files) expect([name, length <= 30_000]).toEqual([name, true]);
	});

	it('has no number for a file behind the last', async () => {
		const last = made({ fileNumber: 0xffff, splitSize: 10_000 });
		await last.partition.appendBlocks(batch([0, blockSize]));
		expect(
			await messageOf(async () => {
				for (let block = 1; block < 4; block++) await last.partition.appendBlocks(batch([block, blockSize]));
			}),
		).toMatch(/^failed: A backup set cannot have more than 65,536 files/);
	});

	it('compares the bytes of blocks with their lengths', async () => {
		const one = { ...batch([0, 10]), data: new Uint8Array(11) };
		expect(await messageOf(() => made({}).partition.appendBlocks(one))).toMatch(
			/^failed: The blocks have 10 bytes, their lengths say 11$/,
		);
	});

	it('takes a block without bytes from the base, and needs one for it', async () => {
		const base = indexOf(1, 2, 3);
		const { partition } = made({ type: 'diff', base });
		await partition.appendBlocks(batch([1, 0]));
		await partition.appendBlocks(batch([2, 5]));
		expect(storedIn(partition.index)).toEqual([
			[1, 100, 7, 3],
			[2, 0, 5, 0],
		]);
		expect(partition.resolveOnto(base)).toBe(partition.index);
		expect(await messageOf(() => made({}).partition.appendBlocks(batch([4, 0])))).toMatch(
			/^failed: Block 4 has no bytes and there is no base/,
		);
	});

	it('resolves a delta onto its base: what is unused now is a hole', async () => {
		const base = indexOf(1, 2, 3);
		const { partition } = made({ type: 'inc', delta: true, base });
		await partition.appendBlocks(batch([1, 0]));
		await partition.appendBlocks(batch([2, 5]));
		await partition.appendBlocks(batch([8, 6]));
		partition.freeUnused(new Set([1, 2, 8]));
		expect(storedIn(partition.resolveOnto(base))).toEqual([
			[1, 100, 7, 3],
			[2, 0, 5, 0],
			[8, 5, 6, 0],
		]);
	});

	it('wants as many reserved blocks as there are', async () => {
		const { writer, partition } = made({ reserved: blockSize });
		expect(await messageOf(() => writer.finish())).toMatch(/^failed: 0 of 1 reserved blocks were written/);
		const md5 = new Uint8Array(16);
		await partition.appendReserved(new Uint8Array(9), md5);
		expect(storedIn(partition.reserved)).toEqual([[0, 0, 9, 0]]);
		expect(await messageOf(() => partition.appendReserved(new Uint8Array(9), md5))).toMatch(
			/^failed: The partition has 1 reserved blocks, not more/,
		);
	});
});
