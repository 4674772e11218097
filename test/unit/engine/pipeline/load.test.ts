import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBlockPool } from '../../../../src/engine/pipeline/pool.ts';
import type { BlockCipherSpec, BlockPool, LoadJob, StoreJob } from '../../../../src/engine/pipeline/types.ts';
import { BlockIndex } from '../../../../src/image/index/block-index.ts';
import { loadAll, mixedBytes, Scratch, storeAll, wholeStore, type StoredCopy } from '../../../support/block-pool.ts';

const blockSize = 65536;
const tail = 4_321;
const blocks = 71;
const length = (blocks - 1) * blockSize + tail;

const cipher: BlockCipherSpec = {
	aes: 'aes-128',
	key: randomBytes(32),
	imageId: randomBytes(8),
	diskNumber: 0,
	partitionNumber: 3,
};

const pools: Record<string, BlockPool> = {
	'two workers, the fastest libzstd, SIMD': createBlockPool({ workers: 2 }),
	'one worker, node:zlib, node:crypto': createBlockPool({ workers: 1, codec: 'zlib', md5: 'node' }),
};
afterAll(() => Promise.all(Object.values(pools).map((pool) => pool.close())));

let scratch: Scratch;
let bytes: Buffer;
beforeEach(() => {
	scratch = new Scratch();
	bytes = mixedBytes(length);
});
afterEach(() => scratch.dispose());

async function storeSource(pool: BlockPool, options: Partial<StoreJob>): Promise<StoredCopy> {
	return storeAll(pool, { ...wholeStore(scratch.file('source', bytes), 0, length, blockSize), ...options });
}

function loadJob(data: Uint8Array, index: BlockIndex, options: Partial<LoadJob> = {}): LoadJob {
	const path = scratch.path('image');
	const file = { fd: scratch.file('image', data), path, size: data.length };
	return {
		files: new Map([[0, file]]),
		index,
		only: undefined,
		length,
		blockSize,
		compressed: true,
		cipher: undefined,
		target: undefined,
		...options,
	};
}

describe.each(Object.entries(pools))('load by %s', (_, pool) => {
	it.each([
		['compressed', { level: 1, cipher: undefined }],
		['raw', { level: undefined, cipher: undefined }],
		['compressed and encrypted', { level: 3, cipher }],
		['raw and encrypted', { level: undefined, cipher }],
	])('verifies and restores what was stored %s', async (__, options) => {
		const copy = await storeSource(pool, options);
		const job = loadJob(copy.data, copy.index, { compressed: options.level !== undefined, cipher: options.cipher });
		const sound = { blocks, rawBytes: length, storedBytes: copy.data.length, writtenBlocks: 0, bad: [] };
		expect(await loadAll(pool, job)).toEqual(sound);
		const target = { fd: scratch.file('target', randomBytes(1000 + length)), start: 1000, delta: false };
		expect(await loadAll(pool, { ...job, target })).toEqual({ ...sound, writtenBlocks: blocks });
		const restored = readFileSync(scratch.path('target'));
		expect(restored.length).toBe(1000 + length);
		expect(restored.subarray(1000).equals(bytes)).toBe(true);
	});

	it('writes only blocks that differ when told so', async () => {
		const copy = await storeSource(pool, {});
		const held = Buffer.from(bytes);
		for (const at of [0, 10 * blockSize + 9, 11 * blockSize, length - 1]) held[at]! ^= 255;
		const fd = scratch.file('target', held);
		const job = loadJob(copy.data, copy.index, { target: { fd, start: 0, delta: true } });
		expect(await loadAll(pool, job)).toMatchObject({ writtenBlocks: 4, bad: [] });
		expect(readFileSync(scratch.path('target')).equals(bytes)).toBe(true);
		expect(await loadAll(pool, job)).toMatchObject({ writtenBlocks: 0, bad: [] });
	});

	it('extends a target that ends too early to be compared', async () => {
		const copy = await storeSource(pool, {});
		const fd = scratch.file('target', new Uint8Array(0));
		const job = loadJob(copy.data, copy.index, { target: { fd, start: 0, delta: true } });
		expect(await loadAll(pool, job)).toMatchObject({ bad: [] });
		expect(readFileSync(scratch.path('target')).equals(bytes)).toBe(true);
	});

	it('reads a file that it has to open itself, leaves it closed, and fails where it has gone', async () => {
		const copy = await storeSource(pool, {});
		const job = loadJob(copy.data, copy.index);
		const path = scratch.path('closed');
		writeFileSync(path, copy.data);
		const closed = { ...job, files: new Map([[0, { fd: undefined, path, size: copy.data.length }]]) };
		expect(await loadAll(pool, closed)).toMatchObject({ blocks, bad: [] });
		expect(scratch.openPaths()).toEqual(['image', 'source']);
		rmSync(path);
		await expect(loadAll(pool, closed)).rejects.toMatchObject({ code: 'file-missing' });
	});

	it('leaves holes of the index alone', async () => {
		const copy = await storeSource(pool, {});
		for (const block of [0, 1, 30, 70]) copy.index.clear(block);
		const before = randomBytes(length);
		const fd = scratch.file('target', before);
		const job = loadJob(copy.data, copy.index, { target: { fd, start: 0, delta: false } });
		expect(await loadAll(pool, job)).toMatchObject({ blocks: blocks - 4, writtenBlocks: blocks - 4 });
		const restored = readFileSync(scratch.path('target'));
		for (let block = 0; block < blocks; block++) {
			const expected = [0, 1, 30, 70].includes(block) ? before : bytes;
			const range = [block * blockSize, (block + 1) * blockSize] as const;
			expect(restored.subarray(...range).equals(expected.subarray(...range)), `block ${block}`).toBe(true);
		}
	});

	it('takes a sample', async () => {
		const copy = await storeSource(pool, {});
		copy.index.clear(5);
		const only = Uint32Array.of(2, 5, 9, 70, 5000);
		expect(await loadAll(pool, loadJob(copy.data, copy.index, { only }))).toMatchObject({ blocks: 3, bad: [] });
	});

	it('finds blocks in several files, in any order, shared or far apart', async () => {
		const copy = await storeSource(pool, {});
		const index = new BlockIndex(blocks);
		const md5 = new Uint8Array(16);
		const files: Buffer[][] = [[], [], []];
		const sizes = [0, 0, 0];
		for (let block = blocks - 1; block >= 0; block--) {
			copy.index.copyMd5(block, md5);
			const at = copy.index.position(block);
			const file = block < 10 ? block % 3 : 0;
			index.set(block, sizes[file]!, md5, 0, copy.index.storedLength(block), 10 + file);
			const gap = block % 7 === 0 ? 200_000 : 40_000;
			files[file]!.push(copy.data.subarray(at, at + copy.index.storedLength(block)), Buffer.alloc(gap));
			sizes[file]! += copy.index.storedLength(block) + gap;
		}
		copy.index.copyMd5(0, md5);
		index.set(1, index.position(0), md5, 0, index.storedLength(0), index.fileNumber(0));
		const open = files.map((pieces, i) => {
			const name = `file-${i}`;
			return [
				10 + i,
				{ fd: scratch.file(name, Buffer.concat(pieces)), path: scratch.path(name), size: sizes[i]! },
			] as const;
		});
		const fd = scratch.file('target', new Uint8Array(length));
		const job = loadJob(copy.data, index, { files: new Map(open), target: { fd, start: 0, delta: false } });
		expect(await loadAll(pool, job)).toMatchObject({ blocks, bad: [], writtenBlocks: blocks });
		bytes.copy(bytes, blockSize, 0, blockSize);
		expect(readFileSync(scratch.path('target')).equals(bytes)).toBe(true);
	});

	it('reads neighbours that take more room than one read has', async () => {
		bytes = randomBytes(length);
		const copy = await storeSource(pool, {});
		const gap = Buffer.alloc(50_000);
		const spread: Buffer[] = [];
		const md5 = new Uint8Array(16);
		for (let block = 0; block < blocks; block++) {
			const at = copy.index.position(block);
			const stored = copy.index.storedLength(block);
			spread.push(copy.data.subarray(at, at + stored), gap);
			copy.index.copyMd5(block, md5);
			copy.index.set(block, at + block * gap.length, md5, 0, stored, 0);
		}
		expect(await loadAll(pool, loadJob(Buffer.concat(spread), copy.index))).toMatchObject({ blocks, bad: [] });
	});

	it('lists every bad block with its place and the reason, and does not write it', async () => {
		const copy = await storeSource(pool, {});
		const { index, data } = copy;
		const md5 = new Uint8Array(16);
		const change = (block: number, place: { position?: number; length?: number; file?: number; flip?: number }) => {
			index.copyMd5(block, md5);
			if (place.flip !== undefined) md5[place.flip]! ^= 1;
			const { position = index.position(block), length: stored = index.storedLength(block), file = 0 } = place;
			index.set(block, position, md5, 0, stored, file);
		};
		change(1, { flip: 15 });
		change(2, { position: data.length - 1 });
		change(3, { length: 0xffff_ffff });
		change(4, { file: 7 });
		change(5, { position: index.position(6), length: index.storedLength(6) });
		change(8, { position: 2 ** 52 });
		change(70, { position: index.position(9), length: index.storedLength(9) });
		data.fill(0, index.position(20), index.position(20) + 4);
		const before = randomBytes(length);
		const fd = scratch.file('target', before);
		const result = await loadAll(pool, loadJob(data, index, { target: { fd, start: 0, delta: false } }));
		expect(result.bad.map(({ block, reason }) => [block, reason])).toEqual([
			[1, expect.stringMatching(/^MD5: expected [0-9a-f]{32}, found [0-9a-f]{32}$/)],
			[2, expect.stringMatching(/lie outside the file's \d+ bytes$/)],
			[3, expect.stringMatching(/^stored length: expected at most \d+ bytes, found 4294967295$/)],
			[4, 'file number 7 is not in the backup set'],
			[5, expect.stringMatching(/^MD5/)],
			[8, expect.stringMatching(/lie outside the file/)],
			[20, expect.stringMatching(/^zstd frame: /)],
			[70, expect.stringMatching(/^zstd frame: /)],
		]);
		expect(result.bad[1]).toMatchObject({
			fileNumber: 0,
			position: data.length - 1,
			storedLength: index.storedLength(2),
		});
		expect(result).toMatchObject({ blocks, writtenBlocks: blocks - 8 });
		const restored = readFileSync(scratch.path('target'));
		const bad = new Set(result.bad.map(({ block }) => block));
		for (let block = 0; block < blocks; block++) {
			const range = [block * blockSize, (block + 1) * blockSize] as const;
			const expected = (bad.has(block) ? before : bytes).subarray(...range);
			expect(restored.subarray(...range).equals(expected), `block ${block}`).toBe(true);
		}
	});

	it('names the blocks that a shrinking file has lost', async () => {
		const copy = await storeSource(pool, {});
		const job = loadJob(copy.data.subarray(0, copy.index.position(69)), copy.index, {
			files: new Map([
				[
					0,
					{ fd: scratch.file('cut', copy.data.subarray(0, copy.index.position(69))), path: '', size: copy.data.length },
				],
			]),
		});
		const result = await loadAll(pool, job);
		expect(result.bad.map(({ block }) => block)).toEqual([69, 70]);
		expect(result.bad[0]!.reason).toMatch(/ends at byte \d+/);
	});

	it('tells that the target cannot be written, and where', async () => {
		const copy = await storeSource(pool, {});
		const readOnly = scratch.open(scratch.path('source'), 'r');
		const job = loadJob(copy.data, copy.index, { target: { fd: readOnly, start: 0, delta: false } });
		await expect(loadAll(pool, job)).rejects.toMatchObject({ code: 'write-error', details: { offset: 0 } });
		const full = scratch.open('/dev/full', 'r+');
		const error = loadAll(pool, { ...job, target: { fd: full, start: 0, delta: false } });
		await expect(error).rejects.toMatchObject({ code: 'no-space' });
		expect(statSync(scratch.path('source')).size).toBe(length);
	});
});
