import type { BlockIndex } from '../../image/index/block-index.ts';
import type { ResolvedPartition } from '../../image/set/chain.ts';
import { reservedBlockSize } from '../../image/partition-layout.ts';
import type { Extent } from './sparse-source.ts';
import type { StoredBlock } from './stored-runs.ts';

/** Blocks of one size that lie one after the other in a partition. */
export interface Stretch {
	readonly reserved: boolean;
	readonly index: BlockIndex;
	/** Byte of the partition of block 0. */
	readonly start: number;
	/** Byte of the partition, exclusive. */
	readonly end: number;
	readonly blockSize: number;
}

/** A block. */
export interface Place {
	readonly stretch: Stretch;
	readonly block: number;
}

/** Bytes of one block that a read asks for. */
export interface Piece extends Place {
	/** Bytes of the block. */
	readonly from: number;
	readonly target: Uint8Array;
}

/** Where the blocks of a partition lie, in the order of their bytes. */
export function stretchesOf({ layout, index, reserved }: ResolvedPartition): Stretch[] {
	const first = layout.blockStart - layout.start;
	const before = layout.reservedStart - layout.start;
	return [
		{
			reserved: true,
			index: reserved,
			start: before,
			end: reserved.count === 0 ? before : before + layout.reservedLength,
			blockSize: reservedBlockSize,
		},
		{ reserved: false, index, start: first, end: first + layout.blockLength, blockSize: layout.blockSize },
	];
}

/** Bytes of a block: the last of its stretch may be short. */
export function lengthOf({ stretch: { start, end, blockSize }, block }: Place): number {
	return Math.min(blockSize, end - start - block * blockSize);
}

/** The pieces of `target`, which begins at byte `offset` of the partition. Zeros what no block covers. */
export function piecesOf(stretches: readonly Stretch[], offset: number, target: Uint8Array): Piece[] {
	const pieces: Piece[] = [];
	const stop = offset + target.length;
	let covered = offset;
	for (const stretch of stretches) {
		const { start, end, blockSize } = stretch;
		const from = Math.max(offset, start);
		target.subarray(covered - offset, Math.max(covered, Math.min(from, stop)) - offset).fill(0);
		for (let at = from; at < Math.min(stop, end);) {
			const block = Math.floor((at - start) / blockSize);
			const next = Math.min(stop, end, start + (block + 1) * blockSize);
			const bytes = target.subarray(at - offset, next - offset);
			pieces.push({ stretch, block, from: at - start - block * blockSize, target: bytes });
			at = next;
		}
		covered = Math.max(covered, Math.min(stop, end));
	}
	target.subarray(covered - offset).fill(0);
	return pieces;
}

/** See `SparseSource.extentAt`. */
export function extentOf(stretches: readonly Stretch[], offset: number, stop: number): Extent {
	const stretch = stretches.find(({ end }) => end > offset);
	if (stretch === undefined) return { end: stop, stored: false };
	const { index, start, end, blockSize } = stretch;
	if (offset < start) return { end: Math.min(stop, start), stored: false };
	const first = Math.floor((offset - start) / blockSize);
	const last = Math.ceil((Math.min(stop, end) - start) / blockSize);
	const stored = !index.isHole(first);
	let block = first + 1;
	while (block < last && index.isHole(block) !== stored) block++;
	return { end: Math.min(stop, end, start + block * blockSize), stored };
}

export function fill({ from, target }: Piece, block: Uint8Array): void {
	target.set(block.subarray(from, from + target.length));
}

export function storedBlock({ stretch, block }: Place): StoredBlock<Place> {
	const { index } = stretch;
	return {
		of: { stretch, block },
		fileNumber: index.fileNumber(block),
		position: index.position(block),
		length: index.storedLength(block),
	};
}

/** Tells blocks apart, reserved ones by numbers below 0. */
export function keyOf({ stretch, block }: Place): number {
	return stretch.reserved ? -1 - block : block;
}
