import { throwIfAborted } from '../../base/abort.ts';
import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { crc32c } from '../crc32c.ts';
import type { UsedSink } from '../filesystem.ts';
import { BitmapReader, firstClear, scanBitmap } from './bitmaps.ts';
import { bitmapChecksumMask } from './checksum.ts';
import type { DescriptorPiece } from './descriptors.ts';
import { readDescriptors } from './descriptors.ts';
import type { Geometry } from './geometry.ts';
import { groupClusters, groupEnd, groupStart, leadingBlocks } from './groups.ts';
import { BlockRuns } from './runs.ts';

/**
 * Reports what the block bitmaps call used, and besides, whatever they say: the blocks before the first group, every
 * superblock copy, descriptor, bitmap and inode table, and what lies in the partition behind the file system.
 *
 * A group whose bitmap was never written (BLOCK_UNINIT) holds nothing but its own superblock copy, descriptors, bitmaps
 * and inode table as far as they lie in it, which is how the kernel makes such a bitmap (`ext4_init_block_bitmap`);
 * other groups' structures that flex_bg puts there are reported with the rest. Where its descriptor counts fewer free
 * clusters than that (e2fsprogs counts other groups' structures too), the whole group is taken as used.
 *
 * Each descriptor counts its group's free clusters. That count changes together with the bitmap, so a difference proves
 * that one of them is wrong. The superblock's total is not compared: Linux and e2fsprogs compute it anew from the
 * descriptors and write it when they find time, so it says nothing about the bitmaps.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`
 */
export async function collectUsed(
	volume: ByteSource,
	geometry: Geometry,
	sink: UsedSink,
	signal: AbortSignal | undefined,
): Promise<void> {
	const makeRuns = () => new BlockRuns(sink, geometry);
	// One for each kind of structure: with flex_bg, those of one kind lie in a row through many groups.
	const contents = makeRuns();
	const leading = makeRuns();
	const blockBitmaps = makeRuns();
	const inodeBitmaps = makeRuns();
	const inodeTables = makeRuns();
	const reader = new BitmapReader(volume, geometry);
	const walk = new GroupWalk(geometry, reader.buffer, contents);

	leading.add(0, geometry.firstBlock);
	for await (const piece of readDescriptors(volume, geometry, signal)) {
		for (let i = 0; i < piece.count; i++) {
			piece.verify(i);
			const group = piece.firstGroup + i;
			const start = groupStart(geometry, group);
			leading.add(start, Math.min(groupEnd(geometry, group), start + leadingBlocks(geometry, group)));
			blockBitmaps.add(piece.blockBitmap(i), piece.blockBitmap(i) + 1);
			inodeBitmaps.add(piece.inodeBitmap(i), piece.inodeBitmap(i) + 1);
			inodeTables.add(piece.inodeTable(i), piece.inodeTable(i) + geometry.inodeTableBlocks);
		}
		for (let from = 0; from < piece.count;) {
			const next = await reader.read(piece, from, signal);
			throwIfAborted(signal);
			for (let i = from; i < next; i++) walk.visit(piece, i, reader.place(i));
			from = next;
		}
	}
	for (const runs of [contents, leading, blockBitmaps, inodeBitmaps, inodeTables]) runs.flush();
	const end = geometry.blocks * geometry.blockSize;
	if (end < volume.size) sink.add(end, volume.size);
}

/** Compares each group's descriptor with its bitmap, and reports the bitmap's used clusters. */
class GroupWalk {
	readonly #geometry: Geometry;
	readonly #buffer: Uint8Array;
	readonly #view: DataView;
	readonly #runs: BlockRuns;
	/** The clusters of the group's own structures that lie in it: four ranges, start and end, in ascending order. */
	readonly #own = new Float64Array(8);

	constructor(geometry: Geometry, buffer: Uint8Array, runs: BlockRuns) {
		this.#geometry = geometry;
		this.#buffer = buffer;
		this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
		this.#runs = runs;
	}

	/** @param place where the group's bitmap lies in the buffer; -1 when it was never written */
	visit(piece: DescriptorPiece, index: number, place: number): void {
		const geometry = this.#geometry;
		const group = piece.firstGroup + index;
		const clusters = groupClusters(geometry, group);
		this.#findOwn(piece, index);
		const start = groupStart(geometry, group);
		const counted = piece.freeClusters(index);
		if (place < 0) {
			const most = clusters - this.#countOwn();
			if (counted > most) throw piece.wrong(index, 'freeClusters', `at most ${most} without a bitmap`, counted);
			if (counted < most) this.#runs.add(start, groupEnd(geometry, group));
			return;
		}
		this.#verifyBitmap(piece, index, place);
		const free = scanBitmap(this.#view, place, clusters, start, geometry.clusterRatio, this.#runs);
		if (free !== counted) throw piece.wrong(index, 'freeClusters', `${free}, as its block bitmap has it`, counted);
	}

	#verifyBitmap(piece: DescriptorPiece, index: number, place: number): void {
		const geometry = this.#geometry;
		const at = piece.blockBitmap(index) * geometry.blockSize;
		const what = `Block bitmap of group ${piece.firstGroup + index}`;
		if (geometry.checksums.kind === 'crc32c') {
			const length = geometry.blocksPerGroup / geometry.clusterRatio / 8;
			const mask = bitmapChecksumMask(geometry.descriptorSize);
			const real = (crc32c(geometry.checksums.seed, this.#buffer, place, place + length) & mask) >>> 0;
			const stored = piece.blockBitmapChecksum(index);
			if (real !== stored) {
				const expected = `checksum 0x${stored.toString(16)}`;
				throw damaged('structure-damaged', what, at, expected, `0x${real.toString(16)}`);
			}
		}
		for (let i = 0; i < 8; i += 2) {
			const to = this.#own[i + 1]!;
			const clear = firstClear(this.#buffer, place, this.#own[i]!, to);
			if (clear < to) {
				const expected = "the clusters of the group's own structures used";
				throw damaged('structure-damaged', what, at, expected, `cluster ${clear} of the group free`);
			}
		}
	}

	#findOwn(piece: DescriptorPiece, index: number): void {
		const group = piece.firstGroup + index;
		const start = groupStart(this.#geometry, group);
		this.#own.fill(0);
		this.#addOwn(group, start, start + leadingBlocks(this.#geometry, group), 0);
		this.#addOwn(group, piece.blockBitmap(index), piece.blockBitmap(index) + 1, 2);
		this.#addOwn(group, piece.inodeBitmap(index), piece.inodeBitmap(index) + 1, 4);
		const table = piece.inodeTable(index);
		this.#addOwn(group, table, table + this.#geometry.inodeTableBlocks, 6);
	}

	/** Inserts a range of blocks, cut to the group, in the order of the starts. */
	#addOwn(group: number, from: number, to: number, count: number): void {
		const start = groupStart(this.#geometry, group);
		const low = Math.max(from, start) - start;
		const high = Math.min(to, groupEnd(this.#geometry, group)) - start;
		const ratio = this.#geometry.clusterRatio;
		const first = high > low ? Math.floor(low / ratio) : 0;
		const end = high > low ? Math.ceil(high / ratio) : 0;
		const own = this.#own;
		let at = count;
		for (; at > 0 && own[at - 2]! > first; at -= 2) {
			own[at] = own[at - 2]!;
			own[at + 1] = own[at - 1]!;
		}
		own[at] = first;
		own[at + 1] = end;
	}

	/** Clusters in any of the ranges; with bigalloc, several structures share one. */
	#countOwn(): number {
		let count = 0;
		let reached = 0;
		for (let i = 0; i < 8; i += 2) {
			const to = this.#own[i + 1]!;
			count += Math.max(0, to - Math.max(reached, this.#own[i]!));
			reached = Math.max(reached, to);
		}
		return count;
	}
}
