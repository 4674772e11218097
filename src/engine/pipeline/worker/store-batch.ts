import { AfterimageError } from '../../../base/errors.ts';
import { maxBlocksPerBatch, type Batch } from '../batch.ts';
import type { StoreResult, StoreTask } from '../messages.ts';
import { readRange } from './read-range.ts';
import { StoredProof } from './stored-proof.ts';
import type { WorkerTools } from './worker-tools.ts';

/**
 * Reads, hashes, compares, compresses and encrypts the blocks of one batch after another, and decodes what it stores to
 * see that it is what was read; one instance a job and thread.
 */
export class BatchStorer {
	readonly #task: StoreTask;
	readonly #tools: WorkerTools;
	readonly #starts = new Uint32Array(maxBlocksPerBatch);
	readonly #lengths = new Uint32Array(maxBlocksPerBatch);
	/** Place in the batch of each block to be hashed. */
	readonly #places = new Uint32Array(maxBlocksPerBatch);
	readonly #digests = new Uint8Array(maxBlocksPerBatch * 16);
	readonly #isZero = new Uint8Array(maxBlocksPerBatch);
	readonly #proof: StoredProof;
	#zeros: ZeroBlock | undefined;

	constructor(task: StoreTask, tools: WorkerTools) {
		this.#task = task;
		this.#tools = tools;
		this.#proof = new StoredProof(task, tools);
	}

	/**
	 * Leaves digests, stored lengths and stored bytes in the batch.
	 * @throws AfterimageError `read-error`, `cancelled`; `failed` when a stored block does not decode to what was read
	 */
	run(batch: Batch, count: number): StoreResult {
		const badRanges: { offset: number; length: number }[] = [];
		const rawBytes = this.#read(batch, count, badRanges);
		this.#hash(batch, count);
		let [at, sum] = [0, 0];
		for (let i = 0; i < count; i++) {
			if (batch.lengths[i] === 0) continue;
			if (i % 8 === 0 && this.#tools.isCancelled()) throw new AfterimageError('cancelled', 'Cancelled');
			const length = this.#pack(batch, i, at);
			const stored = batch.data.subarray(at, at + length);
			// In this order: bytes that change after the sum was taken do not have it when they are read back.
			sum = this.#tools.crc32(stored, sum);
			this.#proof.check(batch.blocks[i]!, stored, this.#raw(batch, i));
			batch.lengths[i] = length;
			at += length;
		}
		return { kind: 'store', dataBytes: at, sum, rawBytes, badRanges };
	}

	#rawLength(block: number): number {
		return Math.min(this.#task.blockSize, this.#task.length - block * this.#task.blockSize);
	}

	/** Block `i` of the batch goes to `i * blockSize` of the hasher's buffer; neighbours are read by one call. */
	#read(batch: Batch, count: number, badRanges: { offset: number; length: number }[]): number {
		const { io, hasher, isCancelled } = this.#tools;
		const { fd, start, blockSize, skipBadSectors } = this.#task;
		const bad = skipBadSectors
			? {
					report(offset: number, length: number) {
						const last = badRanges.at(-1);
						if (last !== undefined && last.offset + last.length === offset) last.length += length;
						else badRanges.push({ offset, length });
					},
				}
			: undefined;
		let total = 0;
		for (let first = 0; first < count;) {
			let end = first + 1;
			while (end < count && batch.blocks[end] === batch.blocks[end - 1]! + 1) end++;
			const bytes = (end - 1 - first) * blockSize + this.#rawLength(batch.blocks[end - 1]!);
			const target = hasher.buffer.subarray(first * blockSize, first * blockSize + bytes);
			readRange(io, fd, start + batch.blocks[first]! * blockSize, target, bad, isCancelled);
			total += bytes;
			first = end;
		}
		return total;
	}

	/** Replaces the base's digests by those of the blocks; `lengths` becomes 0 where both are equal, else 1. */
	#hash(batch: Batch, count: number): void {
		const { hasher } = this.#tools;
		const { blockSize } = this.#task;
		let hashed = 0;
		for (let i = 0; i < count; i++) {
			const length = this.#rawLength(batch.blocks[i]!);
			const zero = length === blockSize && isZero(hasher.buffer, i * blockSize, length);
			this.#isZero[i] = zero ? 1 : 0;
			if (zero) {
				this.#settle(batch, i, this.#zeroBlock(i).md5, 0);
			} else {
				this.#starts[hashed] = i * blockSize;
				this.#lengths[hashed] = length;
				this.#places[hashed] = i;
				hashed++;
			}
		}
		hasher.digest(this.#starts, this.#lengths, hashed, this.#digests);
		for (let k = 0; k < hashed; k++) this.#settle(batch, this.#places[k]!, this.#digests, k * 16);
	}

	#settle(batch: Batch, i: number, digests: Uint8Array, at: number): void {
		let equal = batch.hasBase[i] === 1;
		for (let k = 0; k < 16; k++) {
			const byte = digests[at + k]!;
			if (batch.md5[i * 16 + k] !== byte) equal = false;
			batch.md5[i * 16 + k] = byte;
		}
		batch.lengths[i] = equal ? 0 : 1;
	}

	/** Puts the stored form of block `i` at byte `at` of the batch's data; returns its length. */
	#pack(batch: Batch, i: number, at: number): number {
		const { codec, cipher } = this.#tools;
		const { level } = this.#task;
		const block = batch.blocks[i]!;
		const raw = this.#raw(batch, i);
		const target = batch.data.subarray(at);
		let length: number;
		if (level === undefined) {
			target.set(raw);
			length = raw.length;
		} else if (this.#isZero[i] === 1) {
			const frame = (this.#zeroBlock(i).frame ??= target.slice(0, codec.compress(raw, target, level)));
			target.set(frame);
			length = frame.length;
		} else {
			length = codec.compress(raw, target, level);
		}
		return cipher === undefined ? length : cipher.encrypt(block, target, length);
	}

	#raw(batch: Batch, i: number): Uint8Array {
		const start = i * this.#task.blockSize;
		return this.#tools.hasher.buffer.subarray(start, start + this.#rawLength(batch.blocks[i]!));
	}

	/** Digest and frame of a whole block of zeros, made from the zero block at place `i`. */
	#zeroBlock(i: number): ZeroBlock {
		if (this.#zeros === undefined) {
			const md5 = new Uint8Array(16);
			const { blockSize } = this.#task;
			this.#tools.hasher.digest(Uint32Array.of(i * blockSize), Uint32Array.of(blockSize), 1, md5);
			this.#zeros = { md5, frame: undefined };
		}
		return this.#zeros;
	}
}

interface ZeroBlock {
	readonly md5: Uint8Array;
	frame: Uint8Array | undefined;
}

/** Compares the range with itself, moved by eight bytes that were looked at: one call of the system's memcmp. */
function isZero(bytes: Uint8Array, start: number, length: number): boolean {
	for (let i = 0; i < Math.min(8, length); i++) {
		if (bytes[start + i] !== 0) return false;
	}
	if (length <= 8) return true;
	return Buffer.compare(bytes.subarray(start, start + length - 8), bytes.subarray(start + 8, start + length)) === 0;
}
