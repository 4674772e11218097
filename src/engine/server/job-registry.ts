import { randomUUID } from 'node:crypto';
import { throwIfAborted } from '../../base/abort.ts';
import { AfterimageError, isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { JobInfo, JobLogLine, JobProgress, JobRequest, JobResult } from '../../protocol/jobs.ts';
import type { Notify } from './service.ts';

/** What a job can say while it runs. */
export interface JobReporter {
	progress(progress: JobProgress): void;
	log(level: JobLogLine['level'], text: string): void;
	/** Tells where the job's log for people is; undefined when it is not whole. */
	logAt(path: string | undefined): void;
}

/** The parts of a result that only the job knows; the registry adds the rest. */
export type JobEnd = Pick<JobResult, 'summary' | 'files' | 'bytesRead' | 'bytesWritten'> & {
	readonly outcome: 'success' | 'warning';
};

export type JobRun = (reporter: JobReporter, signal: AbortSignal) => Promise<JobEnd>;

interface Entry {
	info: JobInfo;
	readonly controller: AbortController;
	/** Settles when the job has ended. */
	ended: Promise<void>;
	logPath: string | undefined;
	/** A fault of the process that ends the job, whatever it says itself. */
	fault: unknown;
}

/** Ended jobs that are kept, so that a window that attaches later learns how they ended. */
const keptEnded = 50;

/** The jobs of one engine process, running and ended. They go on when the client goes. */
export class JobRegistry {
	readonly #jobs = new Map<string, Entry>();
	readonly #notify: Notify;
	readonly #now: () => number;

	constructor(notify: Notify, now: () => number = Date.now) {
		this.#notify = notify;
		this.#now = now;
	}

	get running(): number {
		return [...this.#jobs.values()].filter(({ info }) => info.result === undefined).length;
	}

	list(): readonly JobInfo[] {
		return [...this.#jobs.values()].map(({ info }) => info);
	}

	/** Starts a job and returns at once; its end is notified. */
	start(request: JobRequest, title: string, run: JobRun): JobInfo {
		const id = randomUUID();
		const started = this.#time();
		const controller = new AbortController();
		const entry: Entry = {
			info: { id, request, title, started, progress: undefined, result: undefined },
			controller,
			ended: Promise.resolve(),
			logPath: undefined,
			fault: undefined,
		};
		this.#jobs.set(id, entry);
		this.#forgetOldest();
		const reporter: JobReporter = {
			progress: (progress) => {
				entry.info = { ...entry.info, progress };
				this.#notify('jobs/progress', { id, progress });
			},
			log: (level, text) => this.#notify('jobs/log', { id, line: { time: this.#time(), level, text } }),
			logAt: (path) => (entry.logPath = path),
		};
		// The answer with the job's id goes out before anything about the job does.
		entry.ended = new Promise((turn) => setImmediate(turn))
			.then(() => {
				throwIfAborted(controller.signal);
				return run(reporter, controller.signal);
			})
			.then(
				(end): JobResult => ({ ...end, ended: this.#time() }),
				(error: unknown) => this.#failure(entry.fault ?? error),
			)
			.then((ended) => {
				const result = entry.logPath === undefined ? ended : { ...ended, logPath: entry.logPath };
				entry.info = { ...entry.info, result };
				this.#notify('jobs/ended', { id, result });
			});
		return entry.info;
	}

	/** @throws AfterimageError `invalid-argument` when there is no such job */
	cancel(id: string): void {
		const entry = this.#jobs.get(id);
		if (entry === undefined) throw new AfterimageError('invalid-argument', `No job ${id}`);
		entry.controller.abort();
	}

	/** Cancels every job and settles when all have ended. @param fault what is wrong with this process: the jobs fail with it */
	async cancelAll(fault?: unknown): Promise<void> {
		for (const entry of this.#jobs.values()) {
			if (entry.info.result !== undefined) continue;
			entry.fault = fault;
			entry.controller.abort();
		}
		await Promise.all([...this.#jobs.values()].map(({ ended }) => ended));
	}

	#failure(error: unknown): JobResult {
		const record = toErrorRecord(error);
		const outcome = isAfterimageError(error, 'cancelled') ? 'cancelled' : 'failed';
		return {
			outcome,
			ended: this.#time(),
			summary: record.message,
			error: record,
			files: [],
			bytesRead: 0,
			bytesWritten: 0,
		};
	}

	#forgetOldest(): void {
		const ended = [...this.#jobs].filter(([, { info }]) => info.result !== undefined);
		for (const [id] of ended.slice(0, Math.max(0, ended.length - keptEnded))) this.#jobs.delete(id);
	}

	#time(): string {
		return new Date(this.#now()).toISOString();
	}
}
