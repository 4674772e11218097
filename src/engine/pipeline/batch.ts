/** Blocks of a batch at most, whatever their size. */
export const maxBlocksPerBatch = 256;

/** Raw bytes of a batch, unless a single block is larger: more costs memory, less costs two percent of speed (bench/). */
export const batchBytes = 4 << 20;

export const maxBlockSize = 16 << 20;

/** Blocks that one batch takes, at least 1. @param blockSize bytes, at most {@link maxBlockSize} */
export function blocksPerBatch(blockSize: number): number {
	return Math.min(maxBlocksPerBatch, Math.max(1, Math.floor(batchBytes / blockSize)));
}

/**
 * A batch in shared memory: the pool describes blocks, a worker works on them and leaves its results in the same place.
 * Block contents never travel in messages.
 */
export interface Batch {
	readonly memory: SharedArrayBuffer;
	/** Block numbers, ascending. */
	readonly blocks: Uint32Array;
	/** Store: stored lengths found, 0 = unchanged. Load: stored lengths asked for. */
	readonly lengths: Uint32Array;
	/** Store: 1 where `md5` holds the base's digest when the batch is sent. */
	readonly hasBase: Uint8Array;
	/** 16 bytes a block. */
	readonly md5: Uint8Array;
	/** Load: where the stored bytes lie, and in which file. Copy: the same of each range, with its length in `lengths`. */
	readonly positions: Float64Array;
	readonly fileNumbers: Uint16Array;
	/** Copy: where the piece goes, in one element. */
	readonly targetPosition: Float64Array;
	/** Store: the stored bytes, back to back. */
	readonly data: Uint8Array;
}

const bytesPerBlock = 8 + 4 + 4 + 2 + 1 + 16;

/** @param dataBytes room for stored bytes: 0 for loading */
export function createBatch(dataBytes: number): Batch {
	return batchIn(new SharedArrayBuffer(8 + maxBlocksPerBatch * bytesPerBlock + dataBytes));
}

/** The same views in another thread. */
export function batchIn(memory: SharedArrayBuffer): Batch {
	let at = 0;
	const take = (bytes: number) => {
		at += bytes;
		return at - bytes;
	};
	const n = maxBlocksPerBatch;
	return {
		memory,
		targetPosition: new Float64Array(memory, take(8), 1),
		positions: new Float64Array(memory, take(n * 8), n),
		blocks: new Uint32Array(memory, take(n * 4), n),
		lengths: new Uint32Array(memory, take(n * 4), n),
		fileNumbers: new Uint16Array(memory, take(n * 2), n),
		hasBase: new Uint8Array(memory, take(n), n),
		md5: new Uint8Array(memory, take(n * 16), n * 16),
		data: new Uint8Array(memory, at),
	};
}
