import { availableParallelism } from 'node:os';
import { raceWithAbort } from '../../base/abort.ts';
import { AfterimageError } from '../../base/errors.ts';
import type { SummedPiece } from '../../image/byte-ranges.ts';
import { compileMd5 } from '../../image/md5/block-hasher.ts';
import { blocksPerBatch, createBatch, maxBlockSize, type Batch } from './batch.ts';
import { planCopy, planLoad, planStore, type BatchPlan } from './batch-plan.ts';
import { batchesPerWorker, Dealer, type Finished } from './dealer.ts';
import type {
	CodecChoice,
	CopyResult,
	CopyTask,
	LoadResult,
	LoadTask,
	StoreResult,
	StoreTask,
	Task,
	WorkerSetup,
} from './messages.ts';
import { storedBound } from './stored-bound.ts';
import type { BlockPool, CopyJob, LoadedBatch, LoadJob, StoredBatch, StoreJob } from './types.ts';
import { WorkerThread } from './worker-thread.ts';

export interface PoolOptions {
	/** Worker threads: by default one a core, at most 8. */
	readonly workers?: number;
	/** By default the fastest libzstd, or node:zlib where there is none or the environment says AFTERIMAGE_ZSTD=node. */
	readonly codec?: CodecChoice;
	/** What hashes: kernels built for this machine, WebAssembly SIMD (by default, where it is there) or node:crypto. */
	readonly md5?: 'native' | 'wasm' | 'node';
	/** The script that the workers run. */
	readonly entry?: URL;
	/** Priority of the workers, as os.setPriority takes it; by default that of the process. */
	readonly priority?: number | undefined;
}

const mostWorkers = 8;
/** Batches more than the workers hold: finished ones that the consumer has not released. */
const spareBatches = 3;
/** How long an aborted backup waits for reads that a failing disk holds up; their results are dropped anyway. */
const drainMilliseconds = 100;

/** Beside the sources there is the source of the worker; in the bundle its own bundle lies beside this one. */
function defaultEntry(): URL {
	return new URL(import.meta.url.endsWith('.ts') ? '../main-worker.ts' : './main-worker.mjs', import.meta.url);
}

/** Starts the workers at once; close the pool when the run is over. */
export function createBlockPool(options: PoolOptions = {}): BlockPool {
	const count = options.workers ?? Math.min(mostWorkers, availableParallelism());
	return new WorkerPool(count, options.entry ?? defaultEntry(), {
		md5: md5Of(options.md5 ?? 'wasm'),
		codec: options.codec ?? (process.env['AFTERIMAGE_ZSTD'] === 'node' ? 'zlib' : 'fastest'),
		control: new SharedArrayBuffer(8),
		priority: options.priority,
	});
}

function md5Of(choice: 'native' | 'wasm' | 'node'): WorkerSetup['md5'] {
	if (choice === 'native') return choice;
	return choice === 'wasm' ? compileMd5() : undefined;
}

class WorkerPool implements BlockPool {
	readonly ready: Promise<void>;
	codecName = '';
	hasherName = '';
	readonly #threads: readonly WorkerThread[];
	readonly #control: Int32Array;
	/** Batches that nobody uses. */
	#batches: Batch[] = [];
	#lastJob = 0;
	#busy = false;

	constructor(count: number, entry: URL, setup: WorkerSetup) {
		this.#control = new Int32Array(setup.control);
		this.#threads = Array.from({ length: count }, () => new WorkerThread(entry, setup));
		this.ready = Promise.all(this.#threads.map((thread) => thread.ready)).then(([first]) => {
			this.codecName = first!.codecName;
			this.hasherName = first!.hasherName;
		});
		this.ready.catch(() => undefined);
	}

	async *store(job: StoreJob, signal: AbortSignal): AsyncGenerator<StoredBatch> {
		checkBlockSize(job.blockSize);
		const { fd, start, length, blockSize, level, cipher, skipBadSectors } = job;
		const task: StoreTask = { kind: 'store', fd, start, length, blockSize, level, cipher, skipBadSectors };
		for await (const { batch, count, result, release } of this.#run<StoreResult>(task, planStore(job), signal)) {
			yield {
				count,
				blocks: batch.blocks.subarray(0, count),
				lengths: batch.lengths.subarray(0, count),
				md5: batch.md5.subarray(0, count * 16),
				data: batch.data.subarray(0, result.dataBytes),
				sum: result.sum,
				rawBytes: result.rawBytes,
				badRanges: result.badRanges,
				release,
			};
		}
	}

	async *load(job: LoadJob, signal: AbortSignal): AsyncGenerator<LoadedBatch> {
		checkBlockSize(job.blockSize);
		const { files, length, blockSize, compressed, cipher, target } = job;
		const task: LoadTask = { kind: 'load', files, length, blockSize, compressed, cipher, target };
		for await (const { batch, count, result, release } of this.#run<LoadResult>(task, planLoad(job), signal)) {
			const bad = result.bad.map(({ at, reason }) => ({
				block: batch.blocks[at]!,
				fileNumber: batch.fileNumbers[at]!,
				position: batch.positions[at]!,
				storedLength: batch.lengths[at]!,
				reason,
			}));
			release();
			const { rawBytes, storedBytes, writtenBlocks } = result;
			yield { blocks: count, rawBytes, storedBytes, writtenBlocks, bad };
		}
	}

	async *copy(job: CopyJob, signal: AbortSignal): AsyncGenerator<SummedPiece> {
		const { files, target } = job;
		const task: CopyTask = { kind: 'copy', files, target };
		for await (const { result, release } of this.#run<CopyResult>(task, planCopy(job), signal)) {
			release();
			yield { length: result.length, sum: result.sum };
		}
	}

	async close(): Promise<void> {
		await Promise.all(this.#threads.map((thread) => thread.close()));
	}

	/** Deals batches out to the threads and yields their results in the order of the plan. */
	async *#run<R>(task: Task, plan: BatchPlan, signal: AbortSignal): AsyncGenerator<Finished<R>> {
		if (this.#busy) throw new Error('The pool runs one job after another');
		this.#busy = true;
		const job = ++this.#lastJob;
		const batches: Batch[] = [];
		let held: Set<number> | undefined;
		try {
			await raceWithAbort(this.ready, signal);
			await raceWithAbort(this.#drained(), signal);
			batches.push(...this.#takeBatches(task));
			Atomics.store(this.#control, 0, job);
			for (const thread of this.#threads) {
				thread.send({ type: 'job', job, task, batches: batches.map((batch) => batch.memory) });
			}
			const dealer = new Dealer<R>(this.#threads, job, batches, plan);
			held = dealer.held;
			try {
				yield* dealer.results(signal);
			} finally {
				dealer.stop();
			}
		} finally {
			Atomics.store(this.#control, 0, 0);
			await this.#drain(task);
			this.#batches = batches.filter((_, i) => held?.has(i) !== true);
			this.#busy = false;
		}
	}

	#takeBatches(task: Task): Batch[] {
		const dataBytes = task.kind === 'store' ? blocksPerBatch(task.blockSize) * storedBound(task.blockSize) : 0;
		const count = this.#threads.length * batchesPerWorker + spareBatches;
		const usable = this.#batches.filter((batch) => batch.data.length >= dataBytes);
		this.#batches = [];
		return Array.from({ length: count }, (_, i) => usable[i] ?? createBatch(dataBytes));
	}

	async #drained(): Promise<void> {
		await Promise.all(this.#threads.map((thread) => thread.drained()));
	}

	/** Descriptors that are written to must not be closed, and their numbers reused, while a thread may still write to them. */
	async #drain(task: Task): Promise<void> {
		if (task.kind !== 'store') return this.#drained();
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, drainMilliseconds)));
		await Promise.race([this.#drained(), late]);
		clearTimeout(timer);
	}
}

function checkBlockSize(blockSize: number): void {
	if (Number.isSafeInteger(blockSize) && blockSize >= 512 && blockSize <= maxBlockSize) return;
	throw new AfterimageError('not-supported', `Block size: expected 512 to ${maxBlockSize} bytes, found ${blockSize}`);
}
