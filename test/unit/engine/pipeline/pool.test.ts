import { ftruncateSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blocksPerBatch } from '../../../../src/engine/pipeline/batch.ts';
import { createBlockPool, type PoolOptions } from '../../../../src/engine/pipeline/pool.ts';
import type { BlockPool, StoredBatch, StoreJob } from '../../../../src/engine/pipeline/types.ts';
import {
	allUsed,
	indexedMd5,
	loadAll,
	md5Of,
	mixedBytes,
	Scratch,
	storeAll,
	wholeStore,
} from '../../../support/block-pool.ts';

const blockSize = 65536;
const perBatch = blocksPerBatch(blockSize);
const blocks = perBatch * 10;
const length = blocks * blockSize;
const bytes = mixedBytes(length);

let scratch: Scratch;
let job: StoreJob;
const pools: BlockPool[] = [];
beforeEach(() => {
	scratch = new Scratch();
	job = wholeStore(scratch.file('source', bytes), 0, length, blockSize);
});
afterEach(async () => {
	await Promise.all(pools.splice(0).map((pool) => pool.close()));
	scratch.dispose();
});

function open(options: PoolOptions): BlockPool {
	const pool = createBlockPool(options);
	pools.push(pool);
	return pool;
}

/** A pool whose disk has the faults that test/support/faulty-worker.ts lists. */
function faulty(faults: string, workers = 2): BlockPool {
	process.env.FAULTS = faults;
	return open({ workers, entry: new URL('../../../support/faulty-worker.ts', import.meta.url) });
}

const signal = new AbortController().signal;

describe('block pool', () => {
	it('keeps the order of blocks with more workers than cores', async () => {
		const copy = await storeAll(open({ workers: 5 }), job);
		expect(copy.blocks).toEqual(Array.from({ length: blocks }, (_, i) => i));
	});

	it('runs jobs one after another and refuses two at a time', async () => {
		const pool = open({ workers: 1 });
		const first = pool.store(job, signal)[Symbol.asyncIterator]();
		expect((await first.next()).done).toBe(false);
		await expect(storeAll(pool, job)).rejects.toThrow('one job after another');
		await first.return!();
		expect((await storeAll(pool, job)).blocks.length).toBe(blocks);
	});

	it('keeps batches as they are until they are released, and stops dealing when all are held', async () => {
		const pool = open({ workers: 1 });
		const held: StoredBatch[] = [];
		const iterator = pool.store(job, signal)[Symbol.asyncIterator]();
		for (let i = 0; i < 5; i++) held.push((await iterator.next()).value as StoredBatch);
		const sixth = iterator.next();
		const late = new Promise((resolve) => setTimeout(() => resolve('late'), 100));
		expect(await Promise.race([sixth, late])).toBe('late');
		held.forEach((batch, i) => {
			expect(batch.blocks[0]).toBe(i * perBatch);
			const md5 = Buffer.from(batch.md5.subarray(0, 16)).toString('hex');
			expect(md5).toBe(md5Of(bytes.subarray(i * perBatch * blockSize, (i * perBatch + 1) * blockSize)));
		});
		held[0]!.release();
		held[0]!.release();
		expect(((await sixth).value as StoredBatch).blocks[0]).toBe(5 * perBatch);
		await iterator.return!();
	});

	it('does not hand batches of the last job, still held, to the next one', async () => {
		const pool = open({ workers: 1 });
		let last: StoredBatch | undefined;
		for await (const batch of pool.store({ ...job, level: undefined }, signal)) {
			if (last === undefined) last = batch;
			else batch.release();
		}
		const before = Buffer.from(last!.data);
		await storeAll(pool, {
			...job,
			start: blockSize,
			length: length - blockSize,
			used: allUsed(length - blockSize, blockSize),
		});
		expect(before.equals(bytes.subarray(0, perBatch * blockSize))).toBe(true);
		expect(Buffer.compare(before, last!.data)).toBe(0);
	});

	it('ends promptly when it is aborted, and works again afterwards', async () => {
		const pool = faulty('slow=20');
		const controller = new AbortController();
		let seen = 0;
		const error = (async () => {
			for await (const batch of pool.store(job, controller.signal)) {
				batch.release();
				if (++seen === 3) controller.abort();
			}
		})();
		await expect(error).rejects.toMatchObject({ code: 'cancelled' });
		expect(seen).toBe(3);
		const part = { ...job, length: 40 * blockSize, used: allUsed(40 * blockSize, blockSize) };
		expect((await storeAll(pool, part)).blocks.length).toBe(40);
	});

	it('does nothing when it was aborted before', async () => {
		await expect(storeAll(open({ workers: 1 }), job, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
	});

	it('leaves the target alone once an aborted restore has ended', async () => {
		const copy = await storeAll(open({ workers: 2 }), job);
		const pool = faulty('late=50');
		const image = { fd: scratch.file('image', copy.data), path: '', size: copy.data.length };
		const target = { fd: scratch.file('target', new Uint8Array(length)), start: 0, delta: false };
		const load = {
			files: new Map([[0, image]]),
			index: copy.index,
			only: undefined,
			length,
			blockSize,
			compressed: true,
			cipher: undefined,
			target,
		};
		const controller = new AbortController();
		const aborted = (async () => {
			for await (const { blocks: done } of pool.load(load, controller.signal)) if (done > 0) controller.abort();
		})();
		await expect(aborted).rejects.toMatchObject({ code: 'cancelled' });
		const then = md5Of(readFileSync(scratch.path('target')));
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(md5Of(readFileSync(scratch.path('target')))).toBe(then);
		expect(await loadAll(pool, load)).toMatchObject({ writtenBlocks: blocks, bad: [] });
		expect(readFileSync(scratch.path('target')).equals(bytes)).toBe(true);
	});

	it('tries again what could not be read at first', async () => {
		const at = 100 * blockSize + 4096;
		const copy = await storeAll(faulty(`bad=${at}-${at + 512}&once`, 1), job);
		expect(indexedMd5(copy.index, 100)).toBe(md5Of(bytes.subarray(100 * blockSize, 101 * blockSize)));
	});

	it('gives out no block whose stored form is not what was read', async () => {
		await expect(storeAll(faulty('lie=1'), job)).rejects.toMatchObject({
			code: 'failed',
			message: expect.stringContaining('Block 0 (byte 0 of the source) does not decode') as string,
		});
	});

	it('names the byte of the source that cannot be read, after every block before it', async () => {
		const at = 100 * blockSize + 4096;
		const seen: number[] = [];
		const error = (async () => {
			for await (const batch of faulty(`bad=${at}-${at + 512}`).store(job, signal)) {
				seen.push(...batch.blocks);
				batch.release();
			}
		})();
		await expect(error).rejects.toMatchObject({ code: 'read-error', details: { offset: at, length: 512 } });
		expect(seen).toEqual(Array.from({ length: Math.floor(100 / perBatch) * perBatch }, (_, i) => i));
	});

	it('stores zeros for bad sectors and lists them when it is told to', async () => {
		const at = 100 * blockSize + 4096;
		const pool = faulty(`bad=${at}-${at + 1500}&bad=${length - 10}-${length}`);
		const copy = await storeAll(pool, { ...job, skipBadSectors: true });
		expect(copy.badRanges).toEqual([
			{ offset: at, length: 1536 },
			{ offset: length - 512, length: 512 },
		]);
		const patched = Buffer.from(bytes.subarray(100 * blockSize, 101 * blockSize)).fill(0, 4096, 4096 + 1536);
		expect(indexedMd5(copy.index, 100)).toBe(md5Of(patched));
	});

	it('tells where the source ends when it is shorter than it was', async () => {
		ftruncateSync(job.fd, 77 * blockSize + 100);
		await expect(storeAll(open({ workers: 2 }), job)).rejects.toMatchObject({
			code: 'read-error',
			details: { offset: 77 * blockSize + 100 },
		});
	});

	it('reports a descriptor that is no file', async () => {
		const folder = scratch.open(scratch.folder, 'r');
		await expect(storeAll(open({ workers: 2 }), { ...job, fd: folder, skipBadSectors: true })).rejects.toMatchObject({
			code: 'read-error',
			details: { system: 'EISDIR' },
		});
	});

	it('fails when a worker dies, then and ever after', async () => {
		const pool = faulty(`die=${200 * blockSize}`);
		const dead = { code: 'failed', message: 'A worker thread ended: exit code 3' };
		await expect(storeAll(pool, job)).rejects.toMatchObject(dead);
		await expect(storeAll(pool, job)).rejects.toMatchObject(dead);
	});

	it('fails when its workers cannot start', async () => {
		const missing = open({ workers: 2, entry: new URL('./no-such-worker.ts', import.meta.url) });
		await expect(missing.ready).rejects.toMatchObject({ code: 'failed' });
		await expect(storeAll(missing, job)).rejects.toMatchObject({ code: 'failed' });
		const library = open({ workers: 1, codec: { library: 'libno-such-thing.so.1' } });
		await expect(storeAll(library, job)).rejects.toMatchObject({ code: 'failed' });
	});

	it('says which limit of the system keeps a worker from starting', async () => {
		const entry = new URL("data:text/javascript,throw new Error('Worker initialization failure: EMFILE')");
		const limited = open({ workers: 1, entry });
		await expect(limited.ready).rejects.toMatchObject({
			message: 'The system gives this process no other thread (EMFILE)',
			advice: expect.stringContaining('ulimit -n') as string,
		});
	});

	it('closes while a job runs, which fails, and after a worker died', async () => {
		const pool = open({ workers: 2 });
		let closed: Promise<void> | undefined;
		const rest = (async () => {
			for await (const batch of pool.store(job, signal)) {
				closed ??= pool.close();
				batch.release();
			}
		})();
		await expect(rest).rejects.toMatchObject({ code: 'failed', message: 'The worker threads were closed' });
		await closed;
		const dead = faulty('die=0');
		await expect(storeAll(dead, job)).rejects.toMatchObject({ code: 'failed' });
		await dead.close();
	});
});
