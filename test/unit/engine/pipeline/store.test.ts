import { randomBytes } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsedBlocks } from '../../../../src/disk/used-blocks.ts';
import { blocksPerBatch } from '../../../../src/engine/pipeline/batch.ts';
import { createBlockPool } from '../../../../src/engine/pipeline/pool.ts';
import type { BlockCipherSpec, BlockPool, StoreJob } from '../../../../src/engine/pipeline/types.ts';
import { BlockCipher } from '../../../../src/image/block-cipher.ts';
import { measureZstdFrame } from '../../../../src/image/zstd-frame.ts';
import {
	allUsed,
	indexedMd5,
	md5Of,
	mixedBytes,
	Scratch,
	storeAll,
	wholeStore,
	type StoredCopy,
} from '../../../support/block-pool.ts';

const blockSize = 65536;
const tail = 12_345;
const length = 100 * blockSize + tail;
const before = 4096;

const cipher: BlockCipherSpec = {
	aes: 'aes-256',
	key: randomBytes(32),
	imageId: randomBytes(8),
	diskNumber: 1,
	partitionNumber: 2,
};

const pools: Record<string, BlockPool> = {
	'two workers, the fastest libzstd, SIMD': createBlockPool({ workers: 2 }),
	'one worker, node:zlib, node:crypto': createBlockPool({ workers: 1, codec: 'zlib', md5: 'node' }),
};
afterAll(() => Promise.all(Object.values(pools).map((pool) => pool.close())));

let scratch: Scratch;
let bytes: Buffer;
let job: StoreJob;
beforeEach(() => {
	scratch = new Scratch();
	bytes = mixedBytes(before + length);
	job = wholeStore(scratch.file('source', bytes), before, length, blockSize);
});
afterEach(() => scratch.dispose());

function rawBlock(block: number): Buffer {
	return bytes.subarray(before + block * blockSize, Math.min(bytes.length, before + (block + 1) * blockSize));
}

function storedBlock(copy: StoredCopy, block: number): Buffer {
	const at = copy.index.position(block);
	return copy.data.subarray(at, at + copy.index.storedLength(block));
}

it('says what its workers run', async () => {
	const [fast, plain] = Object.values(pools);
	await Promise.all([fast!.ready, plain!.ready]);
	expect([fast!.codecName, fast!.hasherName]).toEqual([expect.stringMatching(/^libzstd 1\./), 'WebAssembly SIMD']);
	expect([plain!.codecName, plain!.hasherName]).toEqual(['node:zlib', 'node:crypto']);
});

describe.each(Object.entries(pools))('store by %s', (_, pool) => {
	it('gives every block in order, with its MD5 and one frame of exactly its bytes', async () => {
		const copy = await storeAll(pool, job);
		expect(copy.blocks).toEqual(Array.from({ length: 101 }, (__, block) => block));
		expect(copy.rawBytes).toBe(length);
		expect(copy.unchanged).toEqual([]);
		expect(copy.batches).toBe(Math.ceil(101 / blocksPerBatch(blockSize)));
		for (const block of copy.blocks) {
			expect(indexedMd5(copy.index, block)).toBe(md5Of(rawBlock(block)));
			const frame = storedBlock(copy, block);
			expect(measureZstdFrame(frame)).toEqual({ length: frame.length, contentSize: rawBlock(block).length });
			expect(zstdDecompressSync(frame).equals(rawBlock(block))).toBe(true);
		}
	});

	it('reads used blocks alone', async () => {
		const used = new UsedBlocks(0, length, blockSize);
		for (const block of [0, 1, 2, 7, 40, 41, 99, 100]) used.add(block * blockSize, block * blockSize + 1);
		const copy = await storeAll(pool, { ...job, used });
		expect(copy.blocks).toEqual([0, 1, 2, 7, 40, 41, 99, 100]);
		expect(copy.rawBytes).toBe(7 * blockSize + tail);
		for (const block of copy.blocks) expect(indexedMd5(copy.index, block)).toBe(md5Of(rawBlock(block)));
	});

	it('leaves out what the base has, and only that', async () => {
		const base = (await storeAll(pool, job)).index;
		for (const block of [3, 50, 100]) rawBlock(block)[5]! ^= 1;
		base.clear(60);
		const fd = scratch.file('changed', bytes);
		const copy = await storeAll(pool, { ...job, fd, base });
		const stored = copy.blocks.filter((block) => !copy.unchanged.includes(block));
		expect(stored).toEqual([3, 50, 60, 100]);
		for (const block of stored) expect(zstdDecompressSync(storedBlock(copy, block)).equals(rawBlock(block))).toBe(true);
		expect(copy.unchanged.length).toBe(97);
	});

	it('stores raw bytes when it is told not to compress', async () => {
		const copy = await storeAll(pool, { ...job, level: undefined });
		expect(copy.data.equals(bytes.subarray(before))).toBe(true);
	});

	it.each([1, undefined])('encrypts what it stores (zstd level %s)', async (level) => {
		const copy = await storeAll(pool, { ...job, level, cipher });
		const decryptor = new BlockCipher(cipher);
		for (const block of copy.blocks) {
			const stored = Buffer.from(storedBlock(copy, block));
			decryptor.decrypt(block, stored);
			const raw =
				level === undefined ? stored : zstdDecompressSync(stored.subarray(0, measureZstdFrame(stored).length));
			expect(raw.subarray(0, rawBlock(block).length).equals(rawBlock(block))).toBe(true);
			expect(stored.length % 16).toBe(0);
		}
	});

	it.each([512, 4096, 1 << 20, 4 << 20])('takes blocks of %i bytes', async (size) => {
		const part = Math.min(length, size * 600 + 100);
		const copy = await storeAll(pool, { ...job, length: part, blockSize: size, used: allUsed(part, size) });
		expect(copy.blocks.length).toBe(Math.ceil(part / size));
		const raw = copy.blocks.map((block) => zstdDecompressSync(storedBlock(copy, block)));
		expect(Buffer.concat(raw).equals(bytes.subarray(before, before + part))).toBe(true);
	});

	it('stores zeros like anything else', async () => {
		const zeros = scratch.file('zeros', new Uint8Array(before + length));
		const copy = await storeAll(pool, { ...job, fd: zeros, cipher });
		const decryptor = new BlockCipher(cipher);
		for (const block of copy.blocks) {
			const stored = Buffer.from(storedBlock(copy, block));
			decryptor.decrypt(block, stored);
			const raw = zstdDecompressSync(stored.subarray(0, measureZstdFrame(stored).length));
			expect(raw.equals(Buffer.alloc(rawBlock(block).length))).toBe(true);
			expect(indexedMd5(copy.index, block)).toBe(md5Of(raw));
		}
	});

	it('has nothing to say about a partition without used blocks', async () => {
		const copy = await storeAll(pool, { ...job, used: new UsedBlocks(0, length, blockSize) });
		expect(copy.batches).toBe(0);
	});
});

it('refuses a block size that would need memory without measure', async () => {
	const pool = Object.values(pools)[0]!;
	await expect(storeAll(pool, { ...job, blockSize: 32 << 20 })).rejects.toMatchObject({ code: 'not-supported' });
});
