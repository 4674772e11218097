import { raceWithAbort } from '../../base/abort.ts';
import type { Batch } from './batch.ts';
import type { BatchPlan } from './batch-plan.ts';
import type { WorkerThread } from './worker-thread.ts';

/** Batches that a worker has before it: one at work and one waiting, so that it never waits for us. */
export const batchesPerWorker = 2;

/** A finished batch; it is free again after `release()`. */
export interface Finished<R> {
	readonly batch: Batch;
	readonly count: number;
	readonly result: R;
	readonly release: () => void;
}

interface Dealt<R> {
	readonly index: number;
	readonly count: number;
	readonly result: Promise<R>;
}

/** Keeps the threads busy with the batches of one job, and hands results out in the order in which they were planned. */
export class Dealer<R> {
	/** Batches that the consumer has and has not released. */
	readonly held = new Set<number>();
	readonly #threads: readonly WorkerThread[];
	readonly #job: number;
	readonly #batches: readonly Batch[];
	readonly #plan: BatchPlan;
	readonly #free: number[];
	readonly #dealt: Dealt<R>[] = [];
	#exhausted = false;
	#onRelease: (() => void) | undefined;

	constructor(threads: readonly WorkerThread[], job: number, batches: readonly Batch[], plan: BatchPlan) {
		this.#threads = threads;
		this.#job = job;
		this.#batches = batches;
		this.#plan = plan;
		this.#free = batches.map((_, index) => index);
	}

	/** Deals no more; what the threads have already is theirs to finish. */
	stop(): void {
		this.#exhausted = true;
	}

	async *results(signal: AbortSignal): AsyncGenerator<Finished<R>> {
		for (;;) {
			this.#deal();
			const next = this.#dealt.shift();
			if (next !== undefined) {
				const result = await raceWithAbort(next.result, signal);
				this.held.add(next.index);
				yield {
					batch: this.#batches[next.index]!,
					count: next.count,
					result,
					release: () => this.#release(next.index),
				};
			} else if (this.#exhausted) {
				return;
			} else {
				// The consumer has every batch: nothing can be dealt before it releases one.
				await raceWithAbort(new Promise<void>((resolve) => (this.#onRelease = resolve)), signal);
			}
		}
	}

	#release(index: number): void {
		if (!this.held.delete(index)) return;
		this.#free.push(index);
		this.#onRelease?.();
		this.#deal();
	}

	#deal = (): void => {
		while (!this.#exhausted && this.#free.length > 0) {
			const thread = this.#threads.reduce((a, b) => (b.pending < a.pending ? b : a));
			if (thread.pending >= batchesPerWorker) return;
			const index = this.#free.pop()!;
			const count = this.#plan(this.#batches[index]!);
			if (count === 0) {
				this.#free.push(index);
				this.#exhausted = true;
				return;
			}
			const result = thread.work(this.#job, index, count) as Promise<R>;
			result.then(this.#deal, () => this.stop());
			this.#dealt.push({ index, count, result });
		}
	};
}
