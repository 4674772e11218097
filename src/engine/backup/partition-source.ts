import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRange, readBytes, SubSource, type ByteSource } from '../../base/bytes.ts';
import type { Partition } from '../../disk/layout.ts';
import { UsedBlocks } from '../../disk/used-blocks.ts';
import type { OpenDisk } from '../ports.ts';
import type { ByteRange } from '../requests.ts';
import type { PlannedPartition } from './planned-partition.ts';
import { TolerantSource } from './tolerant-source.ts';

/** A partition's bytes: those of its shadow copy as far as that reaches, of its disk beyond. */
export function volumeSource(disk: ByteSource, partition: Partition, shadow: ByteSource | undefined): ByteSource {
	const rest = new SubSource(disk, partition.start, partition.length);
	if (shadow === undefined) return rest;
	const reach = Math.min(shadow.size, rest.size);
	return {
		size: rest.size,
		async read(offset, target) {
			checkRange('Read', offset, target.length, rest.size);
			const first = Math.max(0, Math.min(target.length, reach - offset));
			if (first > 0) await shadow.read(offset, target.subarray(0, first));
			if (first < target.length) await rest.read(offset + first, target.subarray(first));
		},
	};
}

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
 * Where the workers read the blocks from that begin at byte `from` of the partition, in order: the disk, or the shadow
 * copy. A shadow copy that ends within a block gives up to three pieces; that block is put together in a temporary file,
 * which only this user can read and which goes when the next piece is asked for.
 * @throws AfterimageError `read-error`
 */
export async function* sourcePieces(
	{ partition, shadow }: PlannedPartition,
	disk: OpenDisk,
	from: number,
	used: UsedBlocks,
	skipBadSectors: boolean,
): AsyncGenerator<SourcePiece> {
	const onDisk = { fd: disk.fd, start: partition.start, badRanges: [] };
	if (shadow === undefined) {
		yield { ...onDisk, used };
		return;
	}
	const onShadow = { fd: shadow.fd, start: 0, badRanges: [] };
	const { blockSize, count } = used;
	if (shadow.size >= partition.length) {
		yield { ...onShadow, used };
		return;
	}

	const reach = Math.max(0, shadow.size - from);
	const seam = Math.floor(reach / blockSize);
	const only = (first: number, end: number) => blocksWithin(used, from, partition.length, first, end);
	yield { ...onShadow, used: only(0, seam) };
	const mixed = reach % blockSize > 0;
	if (mixed && used.has(seam)) {
		const offset = from + seam * blockSize;
		const length = Math.min(blockSize, partition.length - offset);
		const badRanges: ByteRange[] = [];
		const whole = volumeSource(disk, partition, shadow);
		const source = skipBadSectors
			? new TolerantSource(whole, (at, bytes) => void badRanges.push({ offset: at, length: bytes }))
			: whole;
		const bytes = await readBytes(source, offset, length);
		yield* inTemporaryFile(bytes, (fd) => ({ fd, start: -offset, used: only(seam, seam + 1), badRanges }));
	}
	yield { ...onDisk, used: only(seam + (mixed ? 1 : 0), count) };
}

async function* inTemporaryFile(bytes: Uint8Array, piece: (fd: number) => SourcePiece): AsyncGenerator<SourcePiece> {
	const folder = await mkdtemp(join(tmpdir(), 'afterimage-block-'));
	try {
		const file = await open(join(folder, 'block'), 'wx+', 0o600);
		try {
			await file.writeFile(bytes);
			yield piece(file.fd);
		} finally {
			await file.close();
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
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
