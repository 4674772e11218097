import { checkRange } from '../../base/bytes.ts';
import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import type { ResolvedPartition } from '../../image/set/chain.ts';
import { reservedBlockSize } from '../../image/partition-layout.ts';
import { BlockCache } from './block-cache.ts';
import { BlockDecoder } from './block-decoder.ts';
import type { BlockTools } from './block-tools.ts';
import { BufferPool } from '../buffer-pool.ts';
import { ComingBlock } from './coming-block.ts';
import type { ImageFiles } from './image-files.ts';
import {
	extentOf,
	fill,
	keyOf,
	lengthOf,
	piecesOf,
	storedBlock,
	stretchesOf,
	type Place,
	type Stretch,
} from './partition-blocks.ts';
import { ReadAhead } from './read-ahead.ts';
import type { Extent, SparseSource } from './sparse-source.ts';
import { runsOf, type StoredBlock } from './stored-runs.ts';

/** Most bytes of the partition that one step of a read decodes. */
const largestStep = 4 * 2 ** 20;
/** Stored bytes for which there are buffers that are used again, and how many are kept of these. */
const runBytes = 2 * 2 ** 20;
const keptBuffers = 4;

/** What is read, for messages. */
export interface PartitionName {
	readonly disk: number;
	readonly partition: number;
}

/**
 * The bytes of a partition as they were at a point of a backup set: blocks come from whatever file of the chain has them,
 * are decrypted, decoded and checked by their MD5; what is not stored is zeros. Reads may run beside each other.
 */
export class PartitionBytes implements SparseSource {
	readonly size: number;
	readonly #files: ImageFiles;
	readonly #decoder: BlockDecoder;
	readonly #name: PartitionName;
	readonly #stretches: readonly Stretch[];
	readonly #cache: BlockCache;
	/** Blocks that are being read. */
	readonly #coming = new Map<number, ComingBlock>();
	readonly #readAhead = new ReadAhead();
	readonly #loads = new Set<Promise<void>>();
	readonly #buffers = new BufferPool(runBytes, keptBuffers);

	/** @param cacheBytes bytes of decoded blocks that are kept; undefined = as many as {@link BlockCache} keeps */
	constructor(
		resolved: ResolvedPartition,
		files: ImageFiles,
		tools: BlockTools,
		name: PartitionName,
		cacheBytes?: number,
	) {
		const { layout, reserved } = resolved;
		this.size = layout.length;
		this.#files = files;
		this.#name = name;
		this.#cache = new BlockCache(cacheBytes);
		const largest = reserved.count === 0 ? layout.blockSize : Math.max(layout.blockSize, reservedBlockSize);
		this.#decoder = new BlockDecoder(resolved, largest, tools);
		this.#stretches = stretchesOf(resolved);
	}

	/**
	 * @throws AfterimageError `read-error`, whose cause is an `image-damaged` naming file, block and range where a block is
	 * damaged; `file-missing` where a file of the chain was replaced or has gone
	 */
	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		for (let done = 0; done < target.length; done += largestStep) {
			await this.#readStep(offset + done, target.subarray(done, Math.min(target.length, done + largestStep)));
		}
	}

	extentAt(offset: number, stop: number): Extent {
		return extentOf(this.#stretches, offset, stop);
	}

	async #readStep(offset: number, target: Uint8Array): Promise<void> {
		const missing: StoredBlock<Place>[] = [];
		const waiting: Promise<void>[] = [];
		for (const piece of piecesOf(this.#stretches, offset, target)) {
			const key = keyOf(piece);
			this.#readAhead.noteUse(key);
			const known = this.#cache.get(key);
			if (known !== undefined) fill(piece, known);
			else if (piece.stretch.index.isHole(piece.block)) piece.target.fill(0);
			else {
				let coming = this.#coming.get(key);
				if (coming === undefined) {
					coming = this.#announce(key);
					missing.push(storedBlock(piece));
				}
				coming.pieces.push(piece);
				waiting.push(coming.done);
			}
		}
		if (waiting.length === 0) return;
		for (const run of runsOf([...missing, ...this.#ahead(missing.at(-1)?.of)])) this.#startLoad(run);
		// All of them: what still comes is written to the target, which is the caller's again when this ends.
		for (const outcome of await Promise.allSettled(waiting)) {
			if (outcome.status === 'rejected') throw outcome.reason;
		}
	}

	#announce(key: number): ComingBlock {
		const coming = new ComingBlock();
		this.#coming.set(key, coming);
		return coming;
	}

	/**
	 * The blocks behind one that is missing, where the one before it was read: files lie one after the other on a disk, and
	 * are read in about that order.
	 */
	#ahead(last: Place | undefined): StoredBlock<Place>[] {
		if (last === undefined || last.stretch.reserved || last.block === 0) return [];
		const { stretch, block } = last;
		if (!this.#isRead({ stretch, block: block - 1 })) return [];
		const blocks: StoredBlock<Place>[] = [];
		const end = Math.min(stretch.index.count, block + 1 + this.#readAhead.blocks(stretch.blockSize));
		for (let next = block + 1; next < end; next++) {
			const place = { stretch, block: next };
			if (stretch.index.isHole(next) || this.#isRead(place)) break;
			this.#announce(keyOf(place));
			this.#readAhead.noteAhead(keyOf(place));
			blocks.push(storedBlock(place));
		}
		return blocks;
	}

	#isRead(place: Place): boolean {
		return this.#cache.has(keyOf(place)) || this.#coming.has(keyOf(place));
	}

	/** Settles when nothing is read any more, ahead neither. */
	async quiet(): Promise<void> {
		await Promise.all(this.#loads);
	}

	#startLoad(run: readonly StoredBlock<Place>[]): void {
		const load = this.#load(run)
			.catch((error: unknown) => {
				for (const { of } of run) this.#settle(of, error);
			})
			.finally(() => this.#loads.delete(load));
		this.#loads.add(load);
	}

	/** Reads blocks that are {@link ComingBlock} and gives them to all who wait for them. */
	async #load(run: readonly StoredBlock<Place>[]): Promise<void> {
		const first = run[0]!;
		const start = first.position;
		// Before there is memory for it: a damaged index may say anything.
		const fault = run.length === 1 ? this.#placeFault(first) : undefined;
		if (fault !== undefined) return this.#settle(first.of, await this.#damage(first, fault));
		const length = Math.max(...run.map((one) => one.position + one.length)) - start;
		const buffer = this.#buffers.take(length);
		const whole = await this.#readRun(run, buffer.subarray(0, length));
		const batch = whole ? this.#decoder.batch : 1;
		for (let at = 0; at < run.length; at += batch) {
			const blocks = run.slice(at, at + batch);
			if (whole || (await this.#readOne(blocks[0]!, start, buffer))) await this.#give(blocks, start, buffer);
		}
		this.#buffers.release(buffer);
	}

	/** Whether a run could be read as a whole. That it cannot is no error yet: its blocks are then read one by one. */
	async #readRun(run: readonly StoredBlock<Place>[], bytes: Uint8Array): Promise<boolean> {
		const first = run[0]!;
		if (this.#placeFault(first) !== undefined) return false;
		try {
			await this.#files.read(first.fileNumber, first.position, bytes);
			return true;
		} catch (error) {
			if (!isAfterimageError(error, 'read-error')) throw error;
			return false;
		}
	}

	/** What makes it pointless to read a block; runs are of blocks that all have nothing of it, or of one block. */
	#placeFault({ fileNumber, position, length }: StoredBlock<Place>): string | undefined {
		const file = this.#files.get(fileNumber);
		if (file === undefined) return `file number ${fileNumber} is not in the backup set`;
		if (position + length <= file.size) return undefined;
		return `bytes ${position} to ${position + length} lie outside the file's ${file.size} bytes`;
	}

	/** Reads a block to its place in the buffer of its run; false, and those who wait have heard why, when that cannot be. */
	async #readOne(stored: StoredBlock<Place>, start: number, buffer: Uint8Array): Promise<boolean> {
		const { fileNumber, position, length, of } = stored;
		const fault = this.#placeFault(stored);
		if (fault !== undefined) {
			this.#settle(of, await this.#damage(stored, fault));
			return false;
		}
		try {
			await this.#files.read(fileNumber, position, buffer.subarray(position - start, position - start + length));
			return true;
		} catch (error) {
			if (!isAfterimageError(error, 'read-error')) throw error;
			await this.#files.checkUnchanged(fileNumber);
			this.#settle(of, error);
			return false;
		}
	}

	async #give(blocks: readonly StoredBlock<Place>[], start: number, buffer: Uint8Array): Promise<void> {
		const found = this.#decoder.decode(
			blocks.map(({ of, position, length }) => ({
				index: of.stretch.index,
				block: of.block,
				length: lengthOf(of),
				stored: buffer.subarray(position - start, position - start + length),
			})),
		);
		const faults: [StoredBlock<Place>, string][] = [];
		for (const [i, stored] of blocks.entries()) {
			const raw = found[i]!;
			if (typeof raw === 'string') {
				faults.push([stored, raw]);
				continue;
			}
			const key = keyOf(stored.of);
			for (const piece of this.#coming.get(key)?.pieces ?? []) fill(piece, raw);
			this.#cache.set(key, raw);
			this.#settle(stored.of);
		}
		for (const [stored, fault] of faults) this.#settle(stored.of, await this.#damage(stored, fault));
	}

	/** Ends the waiting for a block, if it still is waited for. */
	#settle(place: Place, error?: unknown): void {
		const key = keyOf(place);
		this.#coming.get(key)?.settle(error);
		this.#coming.delete(key);
	}

	/** @throws AfterimageError `file-missing` when the file is not the one that the indexes are of: it may be sound */
	async #damage({ fileNumber, position, of }: StoredBlock<Place>, reason: string): Promise<AfterimageError> {
		const file = this.#files.get(fileNumber);
		if (file !== undefined) await this.#files.checkUnchanged(fileNumber);
		const { stretch, block } = of;
		const start = stretch.start + block * stretch.blockSize;
		const end = start + lengthOf(of);
		const { disk, partition } = this.#name;
		const message =
			`Disk ${disk}, partition ${partition}, ${stretch.reserved ? 'reserved block' : 'block'} ${block}: ` +
			`bytes ${start} to ${end - 1}, at byte ${position} of ${file?.path ?? `file ${fileNumber}`}: ${reason}`;
		const cause = new AfterimageError('image-damaged', message, {
			advice: 'What does not lie there can still be read. Take it from another backup.',
			details: { path: file?.path ?? '', disk, partition, block, start, end, position },
		});
		return new AfterimageError('read-error', message, { cause });
	}
}
