import { Worker } from 'node:worker_threads';
import { AfterimageError, fromErrorRecord } from '../../base/errors.ts';
import type { FromWorker, TaskResult, ToWorker, WorkerSetup } from './messages.ts';

const closeMilliseconds = 1000;
/** A thread that is ended while it is in foreign code takes the process with it: one that only lacks time is given it. */
const forceMilliseconds = 30_000;

interface Waiting {
	resolve(result: TaskResult): void;
	reject(error: AfterimageError): void;
}

export interface WorkerNames {
	readonly codecName: string;
	readonly hasherName: string;
}

/** The pool's end of one worker thread: batches out, results in, and one error for everything that waits when it dies. */
export class WorkerThread {
	readonly ready: Promise<WorkerNames>;
	readonly #worker: Worker;
	readonly #exited: Promise<void>;
	readonly #waiting = new Map<number, Waiting>();
	#drainWaiters: (() => void)[] = [];
	#failure: AfterimageError | undefined;

	constructor(entry: URL, setup: WorkerSetup) {
		this.#worker = start(entry, setup);
		this.ready = new Promise((resolve, reject) => {
			this.#worker.on('message', (message: FromWorker) => {
				if (message.type === 'ready') resolve(message);
				else this.#finish(message);
			});
			this.#worker.on('error', (error) => reject(this.#fail(error.message, error)));
			this.#worker.on('exit', (code) => reject(this.#fail(`exit code ${code}`)));
		});
		this.ready.catch(() => undefined);
		this.#exited = new Promise((resolve) => this.#worker.on('exit', () => resolve()));
	}

	/** Batches that were sent and not answered. */
	get pending(): number {
		return this.#waiting.size;
	}

	send(message: ToWorker): void {
		this.#worker.postMessage(message);
	}

	/** Rejects with what the worker reports, or with `failed` when it died. */
	work(job: number, batch: number, count: number): Promise<TaskResult> {
		if (this.#failure !== undefined) return Promise.reject(this.#failure);
		return new Promise((resolve, reject) => {
			this.#waiting.set(batch, { resolve, reject });
			this.send({ type: 'batch', job, batch, count });
		});
	}

	/** Resolves when nothing is pending. */
	drained(): Promise<void> {
		if (this.#waiting.size === 0) return Promise.resolve();
		return new Promise((resolve) => this.#drainWaiters.push(resolve));
	}

	/**
	 * Lets the worker finish what it was sent and free what it holds. One that hangs in a read is waited for no longer, keeps no
	 * process alive, and is ended by force in the end.
	 */
	async close(): Promise<void> {
		this.#failure ??= new AfterimageError('failed', 'The worker threads were closed');
		this.send({ type: 'close' });
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeMilliseconds)));
		await Promise.race([this.#exited, late]);
		clearTimeout(timer);
		this.#worker.unref();
		const force = setTimeout(() => void this.#worker.terminate(), forceMilliseconds).unref();
		void this.#exited.then(() => clearTimeout(force));
	}

	/** The first cause of death is the one that is told. */
	#fail(reason: string, cause?: unknown): AfterimageError {
		this.#failure ??= ended(reason, cause);
		for (const waiting of this.#waiting.values()) waiting.reject(this.#failure);
		this.#waiting.clear();
		this.#settle();
		return this.#failure;
	}

	#finish(message: Exclude<FromWorker, { type: 'ready' }>): void {
		const waiting = this.#waiting.get(message.batch);
		this.#waiting.delete(message.batch);
		if (message.type === 'done') waiting?.resolve(message.result);
		else waiting?.reject(fromErrorRecord(message.error));
		this.#settle();
	}

	#settle(): void {
		if (this.#waiting.size > 0) return;
		for (const resolve of this.#drainWaiters) resolve();
		this.#drainWaiters = [];
	}
}

function start(entry: URL, setup: WorkerSetup): Worker {
	try {
		// Options of this process (a loader, an inspector) are no concern of the worker's.
		return new Worker(entry, { workerData: setup, execArgv: ['--no-warnings'] });
	} catch (error) {
		throw ended(String(error), error);
	}
}

/** What Node says of a thread that could not be started names the system's error: a limit of files, threads or memory. */
function ended(reason: string, cause: unknown): AfterimageError {
	const limit = /\b(EMFILE|ENFILE|EAGAIN|ENOMEM)\b/.exec(reason)?.[0];
	if (limit === undefined) return new AfterimageError('failed', `A worker thread ended: ${reason}`, { cause });
	return new AfterimageError('failed', `The system gives this process no other thread (${limit})`, {
		advice: 'End other work, or allow more open files, threads or memory (ulimit -n, -u, -v).',
		cause,
	});
}
