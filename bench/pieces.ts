/**
 * The pieces of the block pipeline alone, on one core, and the whole of it on all cores; no files of a file system, no image.
 * `node bench/pieces.ts [--size 1G] [--workers N] [--runs 5] [--work DIR]`
 */
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crc32 } from 'node:zlib';
import { nativeMd5, openNativeCrc32, openNativeMd5 } from '../native/kernels.ts';
import { openLibzstd, zstdLibraries } from '../native/zstd.ts';
import { parseSize } from '../src/base/quantity.ts';
import { UsedBlocks } from '../src/disk/used-blocks.ts';
import { createBlockPool } from '../src/engine/pipeline/pool.ts';
import type { BlockCipherSpec, BlockPool, LoadTarget } from '../src/engine/pipeline/types.ts';
import { BlockIndex } from '../src/image/index/block-index.ts';
import type { BlockCodec } from '../src/image/codec.ts';
import { compileMd5, createBlockHasher } from '../src/image/md5/block-hasher.ts';
import { createZlibCodec } from '../src/image/zlib-codec.ts';
import { makeFileTrees } from './files.ts';
import { median, sh } from './shell.ts';

const { values: options } = parseArgs({
	options: {
		size: { type: 'string', default: '1G' },
		workers: { type: 'string', default: String(availableParallelism()) },
		runs: { type: 'string', default: '5' },
		work: { type: 'string', default: '/dev/shm' },
	},
});
const size = parseSize(options.size)!;
const runs = Number(options.runs);
const blockSize = 65536;
const work = mkdtempSync(join(options.work, 'afterimage-pieces-'));
const blocks = Math.floor(size / blockSize);
const length = blocks * blockSize;

try {
	const source = join(work, 'source');
	const trees = makeFileTrees(work, size, 0);
	sh(
		`find '${trees.day1}' -type f | LC_ALL=C sort | xargs cat | head -c ${length} > '${source}' || true; rm -r '${trees.day1}'`,
	);
	const fd = openSync(source, 'r');
	hashing();
	const sample = readSample(fd);
	compression(createZlibCodec(), sample);
	for (const library of zstdLibraries) compression(openLibzstd(library), sample);
	await pipeline(fd);
	closeSync(fd);
} finally {
	rmSync(work, { recursive: true });
}

function report(what: string, bytes: number, milliseconds: readonly number[], rest = ''): void {
	console.log(
		`${what.padEnd(48)} ${String(Math.round(bytes / median(milliseconds) / 1000)).padStart(6)} MB/s  ${rest}`,
	);
}

function times(work: () => void): number[] {
	work();
	return Array.from({ length: runs }, () => {
		const start = performance.now();
		work();
		return performance.now() - start;
	});
}

function hashing(): void {
	const count = 32;
	const starts = Uint32Array.from({ length: count }, (_, i) => i * blockSize);
	const lengths = new Uint32Array(count).fill(blockSize);
	const target = new Uint8Array(16 * count);
	const passes = 50;
	for (const kernels of [undefined, compileMd5(), ...nativeMd5().map((name) => openNativeMd5(name))]) {
		const hasher = createBlockHasher(count * blockSize, kernels);
		for (const lanes of [8, 32]) {
			const spent = times(() => {
				for (let i = 0; i < passes; i++) hasher.digest(starts, lengths, lanes, target);
			});
			report(`MD5, ${hasher.name}, ${lanes} blocks at a time`, passes * lanes * blockSize, spent);
		}
	}
	const bytes = new Uint8Array(count * blockSize);
	for (const [name, sum] of [['node:zlib', crc32] as const, ['native', openNativeCrc32()] as const]) {
		if (sum === undefined) continue;
		const spent = times(() => {
			for (let i = 0; i < passes; i++) sum(bytes);
		});
		report(`CRC-32, ${name}`, passes * bytes.length, spent);
	}
}

function readSample(fd: number): Buffer {
	const sample = Buffer.alloc(Math.min(length, 64 << 20));
	readSync(fd, sample, 0, sample.length, 0);
	return sample;
}

function compression(codec: BlockCodec, sample: Buffer): void {
	const count = sample.length / blockSize;
	const room = Math.ceil(codec.bound(blockSize));
	const frames = new Uint8Array(count * room);
	const lengths = new Uint32Array(count);
	const compress = times(() => {
		for (let i = 0; i < count; i++) {
			const block = sample.subarray(i * blockSize, (i + 1) * blockSize);
			lengths[i] = codec.compress(block, frames.subarray(i * room, (i + 1) * room), 1);
		}
	});
	const target = new Uint8Array(blockSize);
	const decompress = times(() => {
		for (let i = 0; i < count; i++) codec.decompress(frames.subarray(i * room, i * room + lengths[i]!), target);
	});
	report(`zstd 1, ${codec.name}, compress`, sample.length, compress);
	report(`zstd 1, ${codec.name}, decompress`, sample.length, decompress);
	codec.dispose();
}

async function pipeline(fd: number): Promise<void> {
	const cipher: BlockCipherSpec = {
		aes: 'aes-256',
		key: createHash('sha256').update('bench').digest(),
		imageId: Buffer.alloc(8, 1),
		diskNumber: 1,
		partitionNumber: 1,
	};
	const image = openSync(join(work, 'image'), 'w+');
	const target = openSync(join(work, 'target'), 'w+');
	ftruncateSync(target, length);
	for (const codec of ['fastest', 'zlib'] as const) {
		const pool = createBlockPool({ workers: Number(options.workers), codec });
		await pool.ready;
		const name = `pool of ${options.workers}, ${codec}`;
		const job = { pool, fd, image };
		const { index, stored } = await timed(`${name}: store`, () => store({ ...job }));
		await timed(`${name}: store, nothing changed`, () => store({ ...job, base: index }));
		const load = { pool, image, index, stored };
		await timed(`${name}: verify`, () => loadFrom(load));
		await timed(`${name}: restore`, () => loadFrom({ ...load, target: { fd: target, start: 0, delta: false } }));
		await timed(`${name}: restore --delta, nothing changed`, () =>
			loadFrom({ ...load, target: { fd: target, start: 0, delta: true } }),
		);
		await timed(`${name}: store, AES-256`, () => store({ ...job, cipher }));
		await pool.close();
	}
	console.log(`peak RSS ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
	closeSync(image);
	closeSync(target);
}

/** The last result; wall time of the median run, CPU seconds of the last one. */
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
	const spent: number[] = [];
	for (;;) {
		const before = process.cpuUsage();
		const start = performance.now();
		const result = await work();
		spent.push(performance.now() - start);
		const { user, system } = process.cpuUsage(before);
		if (spent.length < runs) continue;
		report(what, length, spent, `${((user + system) / 1e6).toFixed(2)} CPU s`);
		return result;
	}
}

interface StoreOptions {
	readonly pool: BlockPool;
	readonly fd: number;
	readonly image: number;
	readonly base?: BlockIndex;
	readonly cipher?: BlockCipherSpec;
}

async function store({ pool, fd, image, base, cipher }: StoreOptions): Promise<{ index: BlockIndex; stored: number }> {
	const used = new UsedBlocks(0, length, blockSize);
	used.addAll();
	const index = new BlockIndex(blocks);
	const job = { fd, start: 0, length, blockSize, used, base, level: 1, cipher, skipBadSectors: false };
	let position = 0;
	for await (const batch of pool.store(job, new AbortController().signal)) {
		let at = position;
		for (let i = 0; i < batch.count; i++) {
			if (batch.lengths[i]! > 0) index.set(batch.blocks[i]!, at, batch.md5, 16 * i, batch.lengths[i]!, 0);
			at += batch.lengths[i]!;
		}
		writeSync(image, batch.data, 0, batch.data.length, position);
		position += batch.data.length;
		batch.release();
	}
	return { index, stored: position };
}

interface LoadOptions {
	readonly pool: BlockPool;
	readonly image: number;
	readonly index: BlockIndex;
	readonly stored: number;
	readonly target?: LoadTarget;
}

async function loadFrom({ pool, image, index, stored, target }: LoadOptions): Promise<void> {
	const files = new Map([[0, { fd: image, path: '', size: stored }]]);
	const job = { files, index, only: undefined, length, blockSize, compressed: true, cipher: undefined, target };
	for await (const { bad } of pool.load(job, new AbortController().signal)) {
		if (bad.length > 0) throw new Error(bad[0]!.reason);
	}
}
