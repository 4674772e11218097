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
	tools: StoreTools,
	signal: AbortSignal,
): Promise<StoredPartition> {
	const store = new PartitionStore(planned, settings, tools, signal);
	if (planned.reservedBytes > 0) await store.reserved(writer);
	await store.blocks(writer);
	writer.freeUnused(planned.used);
	return { storedBlocks: store.storedBlocks, badRanges: store.badRanges };
}

/** What of a job is the same for every piece of it. */
type PieceJob = Omit<StoreJob, 'fd' | 'start' | 'used'>;

/** Stores the blocks of one partition, and keeps count. */
class PartitionStore {
	storedBlocks = 0;
	readonly badRanges: ByteRange[] = [];
	readonly #planned: PlannedPartition;
	readonly #settings: StoreSettings;
	readonly #tools: StoreTools;
	readonly #signal: AbortSignal;

	constructor(planned: PlannedPartition, settings: StoreSettings, tools: StoreTools, signal: AbortSignal) {
		this.#planned = planned;
		this.#settings = settings;
		this.#tools = tools;
		this.#signal = signal;
	}

	/** FAT: what lies before the first cluster. */
	async reserved(writer: PartitionWriter): Promise<void> {
		const { reservedBytes } = this.#planned;
		const all = new UsedBlocks(0, reservedBytes, reservedBlockSize);
		all.addAll();
		const base = this.#settings.base?.reserved;
		const job = this.#jobOf(reservedBytes, reservedBlockSize, base);
		await this.#store(job, 0, all, async (batch) => {
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

	async blocks(writer: PartitionWriter): Promise<void> {
		const { partition, reservedBytes, used, blockSize } = this.#planned;
		const job = this.#jobOf(partition.length - reservedBytes, blockSize, this.#settings.base?.index);
		await this.#store(job, reservedBytes, used, async (batch) => {
			await writer.appendBlocks(batch);
			for (let i = 0; i < batch.count; i++) if (batch.lengths[i] !== 0) this.storedBlocks++;
		});
	}

	#jobOf(length: number, blockSize: number, base: BlockIndex | undefined): PieceJob {
		const { cipher, compression, skipBadSectors } = this.#settings;
		const level = compression === 'none' ? undefined : zstdLevel[compression];
		return { length, blockSize, base, level, cipher, skipBadSectors };
	}

	/** @param from byte of the partition at which block 0 of `used` begins */
	async #store(
		job: PieceJob,
		from: number,
		used: UsedBlocks,
		take: (batch: StoredBatch) => Promise<void>,
	): Promise<void> {
		const { disk, skipBadSectors } = this.#settings;
		for await (const piece of sourcePieces(this.#planned, disk, from, used, skipBadSectors)) {
			this.badRanges.push(...piece.badRanges);
			const own = { ...job, fd: piece.fd, start: piece.start + from, used: piece.used };
			for await (const batch of this.#tools.pool.store(own, this.#signal)) await this.#finish(batch, piece.start, take);
		}
	}

	/** @param start byte of the descriptor at which the partition begins */
	async #finish(batch: StoredBatch, start: number, take: (batch: StoredBatch) => Promise<void>): Promise<void> {
		const { progress, beforeWrite } = this.#tools;
		try {
			if (batch.badRanges.length > 0) await this.#settings.onBadSectors();
			await beforeWrite(batch.data.length);
			await take(batch);
			progress.add(batch.rawBytes, batch.rawBytes, batch.data.length);
			for (const bad of batch.badRanges) this.badRanges.push({ ...bad, offset: bad.offset - start });
		} finally {
			batch.release();
		}
	}
}
