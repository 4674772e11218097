import { createHash } from 'node:crypto';
import { readSync, writeSync } from 'node:fs';
import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { throwIfAborted } from '../../../src/base/abort.ts';
import type { SummedPiece } from '../../../src/image/byte-ranges.ts';
import type {
	BlockPool,
	CopyJob,
	LoadedBatch,
	LoadJob,
	StoredBatch,
	StoreJob,
} from '../../../src/engine/pipeline/types.ts';
import type { MemoryDisk } from './memory-disk.ts';

/** A block pool of one block a batch, on this thread, whose descriptors may be disks in memory. No encryption. */
export class MemoryPool implements BlockPool {
	readonly ready = Promise.resolve();
	readonly codecName = 'memory';
	readonly hasherName = 'memory';
	readonly #disks: readonly MemoryDisk[];
	readonly #onBatch: (batch: number) => void;
	#batches = 0;

	/** @param onBatch is called before each batch with its number, from 0 */
	constructor(disks: readonly MemoryDisk[], onBatch: (batch: number) => void = () => undefined) {
		this.#disks = disks;
		this.#onBatch = onBatch;
	}

	async *store(job: StoreJob, signal: AbortSignal): AsyncGenerator<StoredBatch> {
		for (let block = job.used.next(0); block < job.used.count; block = job.used.next(block + 1)) {
			this.#onBatch(this.#batches++);
			throwIfAborted(signal);
			const raw = new Uint8Array(Math.min(job.blockSize, job.length - block * job.blockSize));
			const offset = job.start + block * job.blockSize;
			const badRanges: { offset: number; length: number }[] = [];
			try {
				this.#read(job.fd, offset, raw);
			} catch (error) {
				if (!job.skipBadSectors) throw error;
				raw.fill(0);
				badRanges.push({ offset, length: raw.length });
			}
			const md5 = createHash('md5').update(raw).digest();
			const unchanged = job.base?.hasMd5(block, md5, 0) === true;
			const data = unchanged ? new Uint8Array(0) : job.level === undefined ? raw : zstdCompressSync(raw);
			yield {
				count: 1,
				blocks: Uint32Array.of(block),
				lengths: Uint32Array.of(data.length),
				md5,
				data,
				sum: crc32(data),
				rawBytes: raw.length,
				badRanges,
				release: () => undefined,
			};
		}
	}

	async *load(job: LoadJob, signal: AbortSignal): AsyncGenerator<LoadedBatch> {
		const { index } = job;
		const blocks = job.only ?? allStored(index.next.bind(index), index.count);
		for (const block of blocks) {
			this.#onBatch(this.#batches++);
			throwIfAborted(signal);
			const stored = new Uint8Array(index.storedLength(block));
			const fileNumber = index.fileNumber(block);
			this.#read(job.files.get(fileNumber)!.fd!, index.position(block), stored);
			const raw = job.compressed ? decompress(stored) : stored;
			const md5 = createHash('md5').update(raw).digest();
			const position = index.position(block);
			const bad = index.hasMd5(block, md5, 0)
				? []
				: [{ block, fileNumber, position, storedLength: stored.length, reason: 'MD5 differs' }];
			let writtenBlocks = 0;
			if (job.target !== undefined && bad.length === 0) {
				const disk = this.#disks.find((one) => one.fd === job.target!.fd)!;
				disk.log.push(`block ${job.target.start + block * job.blockSize}`);
				disk.bytes.set(raw, job.target.start + block * job.blockSize);
				writtenBlocks = 1;
			}
			yield { blocks: 1, rawBytes: raw.length, storedBytes: stored.length, writtenBlocks, bad };
		}
	}

	/** One piece a batch; sources and target are files. */
	async *copy(job: CopyJob, signal: AbortSignal): AsyncGenerator<SummedPiece> {
		const ranges = { fileNumbers: new Uint16Array(1), positions: new Float64Array(1), lengths: new Uint32Array(1) };
		for (let at = 0; job.next(ranges) > 0; at += ranges.lengths[0]!) {
			this.#onBatch(this.#batches++);
			throwIfAborted(signal);
			const bytes = new Uint8Array(ranges.lengths[0]!);
			this.#read(job.files.get(ranges.fileNumbers[0]!)!.fd!, ranges.positions[0]!, bytes);
			if (job.target !== undefined) writeSync(job.target.fd, bytes, 0, bytes.length, at);
			yield { length: bytes.length, sum: crc32(bytes) };
		}
	}

	async close(): Promise<void> {}

	#read(fd: number, offset: number, target: Uint8Array): void {
		const disk = this.#disks.find((one) => one.fd === fd);
		if (disk === undefined) {
			readSync(fd, target, 0, target.length, offset);
			return;
		}
		disk.checkReadable(offset, target.length);
		target.set(disk.bytes.subarray(offset, offset + target.length));
	}
}

function* allStored(next: (from: number) => number, count: number): Generator<number> {
	for (let block = next(0); block < count; block = next(block + 1)) yield block;
}

function decompress(stored: Uint8Array): Uint8Array {
	try {
		return zstdDecompressSync(stored);
	} catch {
		return new Uint8Array(0);
	}
}
