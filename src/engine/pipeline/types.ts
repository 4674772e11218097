import type { UsedBlocks } from '../../disk/used-blocks.ts';
import type { BlockIndex } from '../../image/index/block-index.ts';
import type { RangeColumns, SummedPiece } from '../../image/byte-ranges.ts';

/** What a worker needs to encrypt or decrypt a block. The key stays in memory and is passed to workers by message only. */
export interface BlockCipherSpec {
	readonly aes: 'aes-128' | 'aes-192' | 'aes-256';
	/** The derived key, 32 bytes. */
	readonly key: Uint8Array;
	/** The 8 raw bytes of the set's image id. */
	readonly imageId: Uint8Array;
	readonly diskNumber: number;
	readonly partitionNumber: number;
}

/** The blocks of one partition to be read, hashed, compared, compressed and encrypted. Offsets and sizes in bytes. */
export interface StoreJob {
	/** Open file descriptor of the disk, snapshot or file: workers read from it by position. */
	readonly fd: number;
	/** Where block 0 lies in `fd`. */
	readonly start: number;
	/** Bytes from block 0 to the partition's end; the last block may be short. */
	readonly length: number;
	readonly blockSize: number;
	/** Which blocks to read. */
	readonly used: UsedBlocks;
	/** The resolved index of the base; a block whose MD5 it already has is reported as unchanged and not compressed. */
	readonly base: BlockIndex | undefined;
	/** zstd level, or undefined to store raw bytes. */
	readonly level: number | undefined;
	readonly cipher: BlockCipherSpec | undefined;
	/** Store zeros for sectors that cannot be read instead of failing; they are listed in the batch. */
	readonly skipBadSectors: boolean;
}

/** Consecutive results of a StoreJob, in block order. Valid until `release()`, which gives the buffers back to a worker. */
export interface StoredBatch {
	readonly count: number;
	/** Block numbers, ascending. */
	readonly blocks: Uint32Array;
	/** Stored length of each block; 0 = unchanged against the base. */
	readonly lengths: Uint32Array;
	/** 16 bytes a block: MD5 of the raw block. */
	readonly md5: Uint8Array;
	/** The stored bytes of all changed blocks, back to back. Each was decoded again and is what was read. */
	readonly data: Uint8Array;
	/** CRC-32 of `data`, taken before it was decoded: bytes of this sum are known to be right. */
	readonly sum: number;
	/** Raw bytes read for this batch. */
	readonly rawBytes: number;
	/** Byte ranges of the source that could not be read and are stored as zeros. */
	readonly badRanges: readonly { readonly offset: number; readonly length: number }[];
	release(): void;
}

/** A file that a job reads from. */
export interface SourceFile {
	/** Undefined: threads open the file by its path while they read from it. */
	readonly fd: number | undefined;
	readonly path: string;
	/** Bytes. */
	readonly size: number;
}

/** Blocks of one partition to be read from image files, checked, and written to a target or only verified. */
export interface LoadJob {
	/** The files of the set by file number, merged numbers included. */
	readonly files: ReadonlyMap<number, SourceFile>;
	readonly index: BlockIndex;
	/** Only these blocks, ascending (a sample); undefined = every stored block. */
	readonly only: Uint32Array | undefined;
	/** Bytes from block 0 to the end of the partition: the last block is short. */
	readonly length: number;
	readonly blockSize: number;
	readonly compressed: boolean;
	readonly cipher: BlockCipherSpec | undefined;
	/** Undefined: verify only. */
	readonly target: LoadTarget | undefined;
}

export interface LoadTarget {
	readonly fd: number;
	/** Where block 0 goes in `fd`. */
	readonly start: number;
	/** Read the target first and write only blocks that differ. */
	readonly delta: boolean;
}

/** A block whose stored bytes do not give what the index promises. */
export interface BadBlock {
	readonly block: number;
	readonly fileNumber: number;
	readonly position: number;
	readonly storedLength: number;
	readonly reason: string;
}

/** Progress and findings of a LoadJob; counts are totals of this batch. */
export interface LoadedBatch {
	readonly blocks: number;
	readonly rawBytes: number;
	readonly storedBytes: number;
	readonly writtenBlocks: number;
	readonly bad: readonly BadBlock[];
}

/** Pieces of files to be read and, where there is a target, laid there one after the other as they are. */
export interface CopyJob {
	/** By file number. */
	readonly files: ReadonlyMap<number, SourceFile>;
	/** Describes the ranges that make up the next piece; returns how many, 0 when there is no more. */
	readonly next: (ranges: RangeColumns) => number;
	/** Undefined: only read. */
	readonly target: CopyTarget | undefined;
}

export interface CopyTarget {
	readonly fd: number;
	/** For messages. */
	readonly path: string;
}

/** Worker threads with one codec, hasher and buffer set each. One pool a run; jobs run one after another. */
export interface BlockPool {
	/** Settles when every worker runs; awaiting it is optional. Rejects with an AfterimageError when one cannot start. */
	readonly ready: Promise<void>;
	/** What compresses, for the log; empty until {@link BlockPool.ready}. */
	readonly codecName: string;
	/** What hashes, for the log; empty until {@link BlockPool.ready}. */
	readonly hasherName: string;
	/**
	 * @throws AfterimageError `read-error` naming the byte of the source, `cancelled`, `failed` when a worker died
	 */
	/** Batches come in block order whatever worker finishes first; at most a few batches a worker are in flight. */
	store(job: StoreJob, signal: AbortSignal): AsyncIterable<StoredBatch>;
	/**
	 * Bad blocks are listed and not written. When the iterator has ended, for whatever reason, no worker touches a
	 * descriptor of the job any more.
	 * @throws AfterimageError `write-error` or `no-space` naming the byte of the target, `file-missing` for a file without a descriptor
	 * that has gone, `cancelled`, `failed` when a worker died
	 */
	load(job: LoadJob, signal: AbortSignal): AsyncIterable<LoadedBatch>;
	/**
	 * Tells of each piece, in order, when it was read, and written from the beginning of the target on. When the iterator has ended, for
	 * whatever reason, no worker touches a descriptor of the job any more.
	 * @throws AfterimageError `read-error`, `write-error` or `no-space` naming file and byte, `image-damaged` for a range outside its file,
	 * `file-missing`, `cancelled`, `failed` when a worker died
	 */
	copy(job: CopyJob, signal: AbortSignal): AsyncIterable<SummedPiece>;
	/** Ends the workers; a job that still runs fails. */
	close(): Promise<void>;
}
