import { readBytes } from '../../../base/bytes.ts';
import { UsedBlocks } from '../../../disk/used-blocks.ts';
import type { OpenDisk } from '../../ports/disk-port.ts';
import type { ByteRange } from '../../requests/image.ts';
import { stretchesOf, volumeSource } from './overlay.ts';
import type { PlannedPartition } from './planned-partition.ts';
import { openTemporaryBytes } from './temporary-bytes.ts';
import { TolerantSource } from './tolerant-source.ts';

/** Blocks that one descriptor holds. */
export interface SourcePiece {
	readonly fd: number;
	/** Byte of the descriptor at which the partition begins; negative where it holds only a later part. */
	readonly start: number;
	readonly used: UsedBlocks;
	/** What could not be read when the piece was made; bytes of the partition. */
	readonly badRanges: readonly ByteRange[];
}

/**
 * Where the workers read the blocks from that begin at byte `from` of the partition, in order: the disk, or what lies over
 * it. A block that is of several is put together in a temporary file, which goes when the next piece is asked for.
 * @throws AfterimageError `read-error`
 */
export async function* sourcePieces(
	planned: PlannedPartition,
	disk: OpenDisk,
	from: number,
	used: UsedBlocks,
	skipBadSectors: boolean,
): AsyncGenerator<SourcePiece> {
	const { partition, overlays } = planned;
	if (overlays.length === 0) {
		yield { fd: disk.fd, start: partition.start, used, badRanges: [] };
		return;
	}
	const { blockSize, count } = used;
	const only = (first: number, end: number) => blocksWithin(used, from, partition.length, first, end);
	/** The first block that no piece had yet. */
	let next = 0;
	for (const { end, overlay } of stretchesOf(overlays, partition.length)) {
		if (end <= from) continue;
		const stop = end === partition.length ? count : Math.floor((end - from) / blockSize);
		if (stop < next) continue;
		const place = overlay === undefined ? partition.start : overlay.at - overlay.start;
		yield { fd: (overlay?.source ?? disk).fd, start: place, used: only(next, stop), badRanges: [] };
		next = stop;
		if (end === partition.length || (end - from) % blockSize === 0) continue;
		if (used.has(stop)) yield* mixedBlock(planned, disk, from + stop * blockSize, only(stop, stop + 1), skipBadSectors);
		next = stop + 1;
	}
}

/** The block that begins at byte `offset` of the partition. */
async function* mixedBlock(
	{ partition, overlays }: PlannedPartition,
	disk: OpenDisk,
	offset: number,
	used: UsedBlocks,
	skipBadSectors: boolean,
): AsyncGenerator<SourcePiece> {
	const length = Math.min(used.blockSize, partition.length - offset);
	const badRanges: ByteRange[] = [];
	const whole = volumeSource(disk, partition, overlays);
	const source = skipBadSectors
		? new TolerantSource(whole, (at, bytes) => void badRanges.push({ offset: at, length: bytes }))
		: whole;
	const file = await openTemporaryBytes(await readBytes(source, offset, length));
	try {
		yield { fd: file.fd, start: -offset, used, badRanges };
	} finally {
		await file.close();
	}
}

/** Those of the used blocks from `first` to `end`, exclusive. */
function blocksWithin(used: UsedBlocks, from: number, length: number, first: number, end: number): UsedBlocks {
	const within = new UsedBlocks(from, length - from, used.blockSize);
	for (let block = used.next(first); block < end; block = used.next(block + 1)) {
		const at = from + block * used.blockSize;
		within.add(at, at + used.blockSize);
	}
	return within;
}
