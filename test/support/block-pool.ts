import { crc32 } from 'node:zlib';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { UsedBlocks } from '../../src/disk/used-blocks.ts';
import type { BlockPool, LoadedBatch, LoadJob, StoreJob } from '../../src/engine/pipeline/types.ts';
import { BlockIndex } from '../../src/image/index/block-index.ts';

/** A folder with open files for one test; `dispose` closes and removes everything. */
export class Scratch {
	readonly folder = mkdtempSync(join(tmpdir(), 'afterimage-pool-'));
	readonly #open: number[] = [];

	path(name: string): string {
		return join(this.folder, name);
	}

	/** A file with these bytes, open for reading and writing. */
	file(name: string, bytes: Uint8Array): number {
		writeFileSync(this.path(name), bytes);
		return this.open(this.path(name), 'r+');
	}

	open(path: string, flags: string): number {
		const fd = openSync(path, flags);
		this.#open.push(fd);
		return fd;
	}

	/** Names of its files that this process has open, each as often as it has. */
	openPaths(): string[] {
		const paths = readdirSync('/proc/self/fd').flatMap((fd) => {
			try {
				return [readlinkSync(`/proc/self/fd/${fd}`)];
			} catch {
				// The descriptor of the listing itself.
				return [];
			}
		});
		return paths
			.filter((path) => dirname(path) === this.folder)
			.map((path) => basename(path))
			.sort();
	}

	dispose(): void {
		for (const fd of this.#open) closeSync(fd);
		rmSync(this.folder, { recursive: true, force: true });
	}
}

/** Bytes as a file system has them: text, zeros and noise in turns, each block different unless it is zeros. */
export function mixedBytes(length: number): Buffer {
	const bytes = Buffer.alloc(length);
	for (let at = 0, turn = 0; at < length; at += 40_000, turn++) {
		const end = Math.min(length, at + 40_000);
		if (turn % 5 === 0) randomBytes(end - at).copy(bytes, at);
		else if (turn % 5 < 3) bytes.fill(`line ${at} of a text that repeats itself\n`, at, end);
	}
	return bytes;
}

export function allUsed(length: number, blockSize: number): UsedBlocks {
	const used = new UsedBlocks(0, length, blockSize);
	used.addAll();
	return used;
}

/** A job that stores everything of a file from `start` on, compressed, for a full and without a key. */
export function wholeStore(fd: number, start: number, length: number, blockSize: number): StoreJob {
	return {
		fd,
		start,
		length,
		blockSize,
		used: allUsed(length, blockSize),
		base: undefined,
		level: 1,
		cipher: undefined,
		skipBadSectors: false,
	};
}

export interface StoredCopy {
	readonly index: BlockIndex;
	/** All stored bytes, in the order in which they came. */
	readonly data: Buffer;
	readonly blocks: readonly number[];
	readonly unchanged: readonly number[];
	readonly badRanges: readonly { readonly offset: number; readonly length: number }[];
	readonly rawBytes: number;
	readonly batches: number;
}

/** Runs a StoreJob to its end and builds what an image would hold of it. */
export async function storeAll(
	pool: BlockPool,
	job: StoreJob,
	signal = new AbortController().signal,
): Promise<StoredCopy> {
	const index = new BlockIndex(Math.ceil(job.length / job.blockSize));
	const pieces: Buffer[] = [];
	const blocks: number[] = [];
	const unchanged: number[] = [];
	const badRanges: { offset: number; length: number }[] = [];
	let position = 0;
	let rawBytes = 0;
	let batches = 0;
	for await (const batch of pool.store(job, signal)) {
		let at = position;
		for (let i = 0; i < batch.count; i++) {
			const length = batch.lengths[i]!;
			blocks.push(batch.blocks[i]!);
			if (length === 0) unchanged.push(batch.blocks[i]!);
			else index.set(batch.blocks[i]!, at, batch.md5, 16 * i, length, 0);
			at += length;
		}
		pieces.push(Buffer.from(batch.data));
		if (crc32(batch.data) !== batch.sum) throw new Error(`CRC-32 of the data is not ${batch.sum}`);
		position += batch.data.length;
		if (at !== position) throw new Error(`Lengths add up to ${at}, data to ${position}`);
		rawBytes += batch.rawBytes;
		badRanges.push(...batch.badRanges);
		batches++;
		batch.release();
	}
	return { index, data: Buffer.concat(pieces), blocks, unchanged, badRanges, rawBytes, batches };
}

export async function loadAll(pool: BlockPool, job: LoadJob): Promise<LoadedBatch> {
	const total = { blocks: 0, rawBytes: 0, storedBytes: 0, writtenBlocks: 0, bad: [] as LoadedBatch['bad'][number][] };
	for await (const batch of pool.load(job, new AbortController().signal)) {
		total.blocks += batch.blocks;
		total.rawBytes += batch.rawBytes;
		total.storedBytes += batch.storedBytes;
		total.writtenBlocks += batch.writtenBlocks;
		total.bad.push(...batch.bad);
	}
	return total;
}

export function md5Of(bytes: Uint8Array): string {
	return createHash('md5').update(bytes).digest('hex');
}

/** The digest that the index has for a block. */
export function indexedMd5(index: BlockIndex, block: number): string {
	const md5 = new Uint8Array(16);
	index.copyMd5(block, md5);
	return Buffer.from(md5).toString('hex');
}
