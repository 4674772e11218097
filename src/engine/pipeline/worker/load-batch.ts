import { AfterimageError } from '../../../base/errors.ts';
import { paddedLength } from '../../../image/block-cipher.ts';
import { batchBytes, maxBlocksPerBatch, type Batch } from '../batch.ts';
import type { LoadResult, LoadTask } from '../messages.ts';
import { readRange } from './read-range.ts';
import { SourceDescriptors } from './source-descriptors.ts';
import { storedBound } from '../stored-bound.ts';
import type { LoadTarget } from '../types.ts';
import type { WorkerTools } from './worker-tools.ts';
import { writeRange } from './write-range.ts';

/** Stored blocks that lie this close together are read by one call, what lies between included. */
const largestGap = 65536;

/**
 * Longest stored block that is read: frames of other writers may be looser than ours, but nothing justifies more than
 * this, and an index must not make us allocate what it likes.
 */
function largestStored(blockSize: number): number {
	return 2 * storedBound(blockSize);
}

/** Reads, decrypts, decodes, checks and writes the blocks of one batch after another; one instance a job and thread. */
export class BatchLoader {
	readonly #task: LoadTask;
	readonly #tools: WorkerTools;
	readonly #sources: SourceDescriptors;
	readonly #stored: Uint8Array;
	/** What the target holds, to be compared with. */
	readonly #before: Uint8Array;
	/** Places in the batch in the order of their stored bytes. */
	readonly #order = new Uint32Array(maxBlocksPerBatch);
	readonly #starts = new Uint32Array(maxBlocksPerBatch);
	readonly #lengths = new Uint32Array(maxBlocksPerBatch);
	readonly #digests = new Uint8Array(maxBlocksPerBatch * 16);
	/** Why each block is bad; undefined = it is sound. */
	readonly #faults = new Array<string | undefined>(maxBlocksPerBatch);

	constructor(task: LoadTask, tools: WorkerTools) {
		this.#task = task;
		this.#tools = tools;
		this.#sources = new SourceDescriptors(tools.io);
		this.#stored = new Uint8Array(Math.max(batchBytes, largestStored(task.blockSize)));
		this.#before = new Uint8Array(task.target?.delta === true ? Math.max(batchBytes, task.blockSize) : 0);
	}

	/** @throws AfterimageError `write-error`, `no-space`, `cancelled`; `file-missing` for a file that is not held and has gone */
	run(batch: Batch, count: number): LoadResult {
		try {
			return this.#load(batch, count);
		} finally {
			this.#sources.release();
		}
	}

	#load(batch: Batch, count: number): LoadResult {
		this.#faults.fill(undefined);
		const storedBytes = this.#fetch(batch, count);
		const rawBytes = this.#check(batch, count);
		const writtenBlocks = this.#task.target === undefined ? 0 : this.#write(batch, count, this.#task.target);
		const bad: { at: number; reason: string }[] = [];
		for (let i = 0; i < count; i++) {
			const reason = this.#faults[i];
			if (reason !== undefined) bad.push({ at: i, reason });
		}
		return { kind: 'load', rawBytes, storedBytes, writtenBlocks, bad };
	}

	#rawLength(block: number): number {
		return Math.min(this.#task.blockSize, this.#task.length - block * this.#task.blockSize);
	}

	#checkCancelled(): void {
		if (this.#tools.isCancelled()) throw new AfterimageError('cancelled', 'Cancelled');
	}

	/** Brings every block that can be read and decoded into the hasher's buffer; returns the stored bytes of them. */
	#fetch(batch: Batch, count: number): number {
		const { blocks, fileNumbers, lengths, positions } = batch;
		let reachable = 0;
		for (let i = 0; i < count; i++) {
			const fault = this.#placeFault(blocks[i]!, fileNumbers[i]!, positions[i]!, lengths[i]!);
			if (fault === undefined) this.#order[reachable++] = i;
			else this.#faults[i] = fault;
		}
		const order = this.#order.subarray(0, reachable);
		order.sort((a, b) => fileNumbers[a]! - fileNumbers[b]! || positions[a]! - positions[b]!);
		let storedBytes = 0;
		for (let first = 0; first < reachable;) {
			this.#checkCancelled();
			const start = positions[order[first]!]!;
			let stop = start;
			let end = first;
			for (; end < reachable; end++) {
				const i = order[end]!;
				if (fileNumbers[i] !== fileNumbers[order[first]!] || positions[i]! > stop + largestGap) break;
				const reach = Math.max(stop, positions[i]! + lengths[i]!);
				if (reach - start > this.#stored.length) break;
				stop = reach;
				storedBytes += lengths[i]!;
			}
			this.#readRun(batch, order.subarray(first, end), start, stop);
			first = end;
		}
		return storedBytes;
	}

	/** What makes it pointless to read a block; undefined when nothing does. */
	#placeFault(block: number, fileNumber: number, position: number, length: number): string | undefined {
		const file = this.#task.files.get(fileNumber);
		if (file === undefined) return `file number ${fileNumber} is not in the backup set`;
		if (this.#rawLength(block) <= 0) return 'the block lies behind the end of the partition';
		const largest = largestStored(this.#task.blockSize);
		if (length > largest) return `stored length: expected at most ${largest} bytes, found ${length}`;
		if (position + length > file.size) {
			return `bytes ${position} to ${position + length} lie outside the file's ${file.size} bytes`;
		}
		return undefined;
	}

	/** Reads the stored bytes from `start` to `stop` and decodes the blocks that lie there. */
	#readRun(batch: Batch, places: Uint32Array, start: number, stop: number): void {
		const { io, isCancelled } = this.#tools;
		const fd = this.#sources.of(this.#task.files.get(batch.fileNumbers[places[0]!]!)!);
		const bytes = this.#stored.subarray(0, stop - start);
		try {
			readRange(io, fd, start, bytes, undefined, isCancelled);
		} catch (error) {
			if (!(error instanceof AfterimageError) || error.code !== 'read-error') throw error;
			if (places.length === 1) {
				this.#faults[places[0]!] = error.message;
				return;
			}
			for (let k = 0; k < places.length; k++) {
				const i = places[k]!;
				this.#readRun(batch, places.subarray(k, k + 1), batch.positions[i]!, batch.positions[i]! + batch.lengths[i]!);
			}
			return;
		}
		for (const i of places) {
			const at = batch.positions[i]! - start;
			this.#faults[i] = this.#decode(i, batch.blocks[i]!, bytes.subarray(at, at + batch.lengths[i]!));
		}
	}

	/** Puts the raw block at its place in the hasher's buffer; returns what is wrong with the stored bytes. */
	#decode(i: number, block: number, stored: Uint8Array): string | undefined {
		const { codec, cipher, hasher } = this.#tools;
		const { blockSize, compressed } = this.#task;
		const length = this.#rawLength(block);
		const target = hasher.buffer.subarray(i * blockSize, i * blockSize + length);
		try {
			// In place: encrypted blocks never share stored bytes, each has its own initialisation vector.
			cipher?.decrypt(block, stored);
			if (compressed) {
				const found = codec.decompress(stored, target);
				return found === length ? undefined : `decoded length: expected ${length} bytes, found ${found}`;
			}
			const expected = cipher === undefined ? length : paddedLength(length);
			if (stored.length !== expected) return `stored length: expected ${expected} bytes, found ${stored.length}`;
			target.set(stored.subarray(0, length));
			return undefined;
		} catch (error) {
			if (error instanceof AfterimageError && error.code === 'image-damaged') return error.message;
			throw error;
		}
	}

	/** Compares digests; returns the raw bytes of the sound blocks. */
	#check(batch: Batch, count: number): number {
		const { hasher } = this.#tools;
		let decoded = 0;
		for (let i = 0; i < count; i++) {
			if (this.#faults[i] !== undefined) continue;
			this.#order[decoded] = i;
			this.#starts[decoded] = i * this.#task.blockSize;
			this.#lengths[decoded] = this.#rawLength(batch.blocks[i]!);
			decoded++;
		}
		this.#checkCancelled();
		hasher.digest(this.#starts, this.#lengths, decoded, this.#digests);
		let rawBytes = 0;
		for (let k = 0; k < decoded; k++) {
			const i = this.#order[k]!;
			if (sameDigest(batch.md5, i * 16, this.#digests, k * 16)) rawBytes += this.#lengths[k]!;
			else this.#faults[i] = `MD5: expected ${hex(batch.md5, i * 16)}, found ${hex(this.#digests, k * 16)}`;
		}
		return rawBytes;
	}

	/** Writes the sound blocks, neighbours by one call; returns how many were written. */
	#write(batch: Batch, count: number, target: LoadTarget): number {
		let written = 0;
		for (let first = 0; first < count; first++) {
			if (this.#faults[first] !== undefined) continue;
			let end = first + 1;
			while (end < count && this.#faults[end] === undefined && batch.blocks[end] === batch.blocks[end - 1]! + 1) end++;
			this.#checkCancelled();
			written += target.delta
				? this.#writeChanged(batch, first, end, target)
				: this.#writeRun(batch, first, end, target);
			first = end - 1;
		}
		return written;
	}

	/** Writes those of the neighbours `first` … `end` - 1 that the target does not hold yet. */
	#writeChanged(batch: Batch, first: number, end: number, target: LoadTarget): number {
		const { io, isCancelled } = this.#tools;
		const { blockSize } = this.#task;
		const position = target.start + batch.blocks[first]! * blockSize;
		const before = this.#before.subarray(0, this.#rawRange(batch, first, end).length);
		try {
			readRange(io, target.fd, position, before, undefined, isCancelled);
		} catch (error) {
			if (!(error instanceof AfterimageError) || error.code !== 'read-error') throw error;
			// What cannot be read is not known to be right; writing often heals a sector.
			return this.#writeRun(batch, first, end, target);
		}
		const differs = (i: number) => {
			const raw = this.#rawRange(batch, i, i + 1);
			const at = (i - first) * blockSize;
			return Buffer.compare(raw, before.subarray(at, at + raw.length)) !== 0;
		};
		let written = 0;
		for (let i = first; i < end; i++) {
			if (!differs(i)) continue;
			const from = i;
			while (i < end && differs(i)) i++;
			written += this.#writeRun(batch, from, i, target);
		}
		return written;
	}

	#writeRun(batch: Batch, first: number, end: number, target: LoadTarget): number {
		const position = target.start + batch.blocks[first]! * this.#task.blockSize;
		writeRange(this.#tools.io, target.fd, position, this.#rawRange(batch, first, end));
		return end - first;
	}

	/** The raw bytes of the neighbours `first` … `end` - 1. */
	#rawRange(batch: Batch, first: number, end: number): Uint8Array {
		const { blockSize } = this.#task;
		const last = (end - 1) * blockSize + this.#rawLength(batch.blocks[end - 1]!);
		return this.#tools.hasher.buffer.subarray(first * blockSize, last);
	}
}

function sameDigest(a: Uint8Array, atA: number, b: Uint8Array, atB: number): boolean {
	for (let i = 0; i < 16; i++) {
		if (a[atA + i] !== b[atB + i]) return false;
	}
	return true;
}

function hex(bytes: Uint8Array, at: number): string {
	return Buffer.from(bytes.slice(at, at + 16)).toString('hex');
}
