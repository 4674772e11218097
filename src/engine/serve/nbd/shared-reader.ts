import { BufferPool } from '../../buffer-pool.ts';
import type { SparseSource } from '../../browse/sparse-source.ts';
import { Limit } from '../../limit.ts';

/** Most bytes that are read for a client at once: what a request keeps while it waits for its client to take them. */
export const pieceBytes = 512 * 1024;

/** Pieces that are read at once, for all clients together. */
const mostReads = 8;
/** Buffers that are kept for the next piece. */
const keptBuffers = 16;

/** Reads for all clients: a few pieces at once, in the order in which they were asked for. */
export class SharedReader {
	readonly #reads = new Limit(mostReads);
	readonly #buffers = new BufferPool(pieceBytes, keptBuffers);

	/**
	 * Reads a piece and lends it to `use`; the next one may be read meanwhile.
	 * @param length at most {@link pieceBytes}
	 * @throws ReadFailure when it cannot be read, and what `use` throws
	 */
	async lend(
		source: SparseSource,
		offset: number,
		length: number,
		use: (bytes: Uint8Array) => Promise<void>,
	): Promise<void> {
		await this.#reads.enter();
		const buffer = this.#buffers.take(length);
		try {
			const bytes = buffer.subarray(0, length);
			try {
				await source.read(offset, bytes);
			} catch (error) {
				throw new ReadFailure(error);
			} finally {
				this.#reads.leave();
			}
			await use(bytes);
		} finally {
			this.#buffers.release(buffer);
		}
	}
}

/** Bytes of an export could not be read; its cause says why. */
export class ReadFailure extends Error {
	constructor(cause: unknown) {
		super('An export cannot be read', { cause });
	}
}
