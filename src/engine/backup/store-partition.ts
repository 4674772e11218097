import type { BlockIndex } from '../../image/index/block-index.ts';
import { zstdLevel, type CompressionLevel } from '../../image/codec.ts';
import { reservedBlockSize } from '../../image/partition-layout.ts';
import type { PartitionWriter } from '../../image/writer/partition-writer.ts';
import { UsedBlocks } from '../../disk/used-blocks.ts';
import type { BlockCipherSpec, BlockPool, StoredBatch, StoreJob } from '../pipeline/types.ts';
import type { OpenDisk } from '../ports/disk-port.ts';
import type { Progress } from '../progress.ts';
import type { ByteRange } from '../requests/image.ts';
import { sourcePieces } from './sources/partition-source.ts';
import type { PlannedPartition } from './sources/planned-partition.ts';

/** How the blocks of a partition are stored. */
export interface StoreSettings {
	/** The disk of the partition. */
	readonly disk: OpenDisk;
	readonly compression: CompressionLevel;
	readonly cipher: BlockCipherSpec | undefined;
	readonly skipBadSectors: boolean;
	/** The resolved partition that unchanged blocks are told by; undefined for a full. */
	readonly base: { readonly index: BlockIndex; readonly reserved: BlockIndex } | undefined;
	/** Called after each batch with sectors that could not be read. */
	readonly onBadSectors: () => Promise<void>;
}

export interface StoredPartition {
	/** Blocks whose bytes this image holds. */
	readonly storedBlocks: number;
	/** Ranges of the partition that could not be read. */
	readonly badRanges: readonly ByteRange[];
}

/** Called before each batch is written: where a run waits for room. */
export type BeforeWrite = (bytes: number) => Promise<void>;

/** What all partitions of a run are stored with. */
export interface StoreTools {
	readonly pool: BlockPool;
	readonly progress: Progress;
	readonly beforeWrite: BeforeWrite;
}

/**
 * Reads the used blocks of a partition and hands what has changed to the writer.
 * @throws AfterimageError `read-error`, `no-space`, `write-error`, `cancelled`
 */
export async function storePartition(
	planned: PlannedPartition,
	settings: StoreSettings,
	writer: PartitionWriter,
	{ pool, progress, beforeWrite }: StoreTools,
	signal: AbortSignal,
): Promise<StoredPartition> {
	const { partition, reservedBytes, used, blockSize } = planned;
	const badRanges: ByteRange[] = [];
	const common = {
		level: settings.compression === 'none' ? undefined : zstdLevel[settings.compression],
		cipher: settings.cipher,
		skipBadSectors: settings.skipBadSectors,
	};
	let storedBlocks = 0;
	/** @param start byte of the descriptor at which the partition begins */
	const run = async (job: StoreJob, start: number, take: (batch: StoredBatch) => Promise<void>) => {
		for await (const batch of pool.store(job, signal)) {
			try {
				if (batch.badRanges.length > 0) await settings.onBadSectors();
				await beforeWrite(batch.data.length);
				await take(batch);
				progress.add(batch.rawBytes, batch.rawBytes, batch.data.length);
				for (const bad of batch.badRanges) badRanges.push({ ...bad, offset: bad.offset - start });
			} finally {
				batch.release();
			}
		}
	};

	if (reservedBytes > 0) {
		const all = new UsedBlocks(0, reservedBytes, reservedBlockSize);
		all.addAll();
		const base = settings.base?.reserved;
		const job = { ...common, length: reservedBytes, blockSize: reservedBlockSize, base };
		for await (const piece of sourcePieces(planned, settings.disk, 0, all, settings.skipBadSectors)) {
			badRanges.push(...piece.badRanges);
			await run({ ...job, fd: piece.fd, start: piece.start, used: piece.used }, piece.start, async (batch) => {
				for (let i = 0, at = 0; i < batch.count; at += batch.lengths[i]!, i++) {
					if (base !== undefined && batch.lengths[i] === 0) {
						writer.keepReserved(base);
						continue;
					}
					const stored = batch.data.subarray(at, at + batch.lengths[i]!);
					await writer.appendReserved(stored, batch.md5.subarray(i * 16, i * 16 + 16));
				}
			});
		}
	}
	const job = { ...common, length: partition.length - reservedBytes, blockSize, base: settings.base?.index };
	for await (const piece of sourcePieces(planned, settings.disk, reservedBytes, used, settings.skipBadSectors)) {
		badRanges.push(...piece.badRanges);
		const start = piece.start + reservedBytes;
		await run({ ...job, fd: piece.fd, start, used: piece.used }, piece.start, async (batch) => {
			await writer.appendBlocks(batch);
			for (let i = 0; i < batch.count; i++) if (batch.lengths[i] !== 0) storedBlocks++;
		});
	}
	writer.freeUnused(used);
	return { storedBlocks, badRanges };
}
