import * as vscode from 'vscode';
import type { JobInfo, JobLogLine, JobStart, RunningRun, RunRecord } from '../../protocol/jobs.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { Engines } from '../engine/engines.ts';
import type { Rights } from '../engine/launch-plan.ts';

/** Lines of a running job that are kept for its live log. */
const keptLines = 5_000;

/** A job and its log begin within so many milliseconds. */
const sameStart = 2_000;

/** Everything that runs or has run in this window's engines, as events and state for views, status bar and notifications. */
export class JobsModel implements vscode.Disposable {
	readonly #engines: Engines;
	readonly #jobs = new Map<string, { info: JobInfo; engine: EngineClient; log: JobLogLine[] }>();
	readonly #changed = new vscode.EventEmitter<JobInfo>();
	readonly #ended = new vscode.EventEmitter<JobInfo>();
	readonly #logged = new vscode.EventEmitter<{ id: string; line: JobLogLine }>();
	readonly #found = new vscode.EventEmitter<JobInfo>();
	readonly #subscription: vscode.Disposable;

	/** A job that this window did not start was found running in an engine. */
	readonly onFound = this.#found.event;
	/** A job has started, made progress or ended. */
	readonly onChanged = this.#changed.event;
	readonly onEnded = this.#ended.event;
	readonly onLogged = this.#logged.event;

	constructor(engines: Engines) {
		this.#engines = engines;
		this.#subscription = engines.onConnected((engine) => void this.#attach(engine));
	}

	get running(): readonly JobInfo[] {
		return this.all.filter((job) => job.result === undefined);
	}

	/** Newest first. */
	get all(): readonly JobInfo[] {
		return [...this.#jobs.values()].map(({ info }) => info).sort((a, b) => b.started.localeCompare(a.started));
	}

	get(id: string): JobInfo | undefined {
		return this.#jobs.get(id)?.info;
	}

	log(id: string): readonly JobLogLine[] {
		return this.#jobs.get(id)?.log ?? [];
	}

	async start(start: JobStart, rights: Rights): Promise<JobInfo> {
		const engine = await this.#engines.get(rights);
		const info = await engine.request('jobs/start', start);
		this.#put(engine, info);
		return this.get(info.id) ?? info;
	}

	async cancel(id: string): Promise<void> {
		await this.#jobs.get(id)?.engine.request('jobs/cancel', { id });
	}

	/** Settles with the job's final state. */
	whenEnded(id: string): Promise<JobInfo> {
		const now = this.get(id);
		if (now?.result !== undefined) return Promise.resolve(now);
		return new Promise((done) => {
			const subscription = this.onEnded((job) => {
				if (job.id !== id) return;
				subscription.dispose();
				done(job);
			});
		});
	}

	/** Finished runs from the history on disk, newest first. */
	async history(limit: number): Promise<readonly RunRecord[]> {
		return (await this.#engines.get('user')).request('runs/list', { limit });
	}

	/** Runs of the scheduler, the command line and other windows that have not ended, newest first. */
	async others(): Promise<readonly RunningRun[]> {
		const runs = await (await this.#engines.get('user')).request('runs/running', {});
		// Those of this window's engine with administrator rights are its jobs.
		const own = this.all.map(({ started }) => Date.parse(started));
		return runs.filter(({ started }) => !own.some((time) => Math.abs(time - Date.parse(started)) < sameStart));
	}

	dispose(): void {
		this.#subscription.dispose();
		for (const emitter of [this.#changed, this.#ended, this.#logged, this.#found]) emitter.dispose();
	}

	async #attach(engine: EngineClient): Promise<void> {
		engine.on('jobs/progress', ({ id, progress }) => this.#update(id, (info) => ({ ...info, progress })));
		engine.on('jobs/log', ({ id, line }) => {
			const job = this.#jobs.get(id);
			if (job !== undefined && job.log.push(line) > keptLines) job.log.shift();
			this.#logged.fire({ id, line });
		});
		engine.on('jobs/ended', ({ id, result }) => {
			this.#update(id, (info) => ({ ...info, result }));
			const job = this.get(id);
			if (job !== undefined) this.#ended.fire(job);
		});
		void engine.ended.then(() => this.#loseJobsOf(engine));
		try {
			for (const info of await engine.request('jobs/list', {})) {
				const known = this.#jobs.has(info.id);
				this.#put(engine, info);
				if (!known && info.result === undefined) this.#found.fire(info);
			}
		} catch {
			// It ended before it answered: `ended` above tells everybody.
		}
	}

	#put(engine: EngineClient, info: JobInfo): void {
		const known = this.#jobs.get(info.id);
		// What was notified while the answer was under way is newer than the answer.
		if (known?.info.result !== undefined) return;
		this.#jobs.set(info.id, { info, engine, log: known?.log ?? [] });
		this.#changed.fire(info);
	}

	#update(id: string, change: (info: JobInfo) => JobInfo): void {
		const job = this.#jobs.get(id);
		if (job === undefined) return;
		job.info = change(job.info);
		this.#changed.fire(job.info);
	}

	#loseJobsOf(engine: EngineClient): void {
		for (const [id, job] of this.#jobs) {
			if (job.engine !== engine || job.info.result !== undefined) continue;
			const ended = new Date().toISOString();
			const summary = vscode.l10n.t(
				'The imaging engine ended while this ran. Files that existed before are as they were.',
			);
			this.#update(id, (info) => ({
				...info,
				result: { outcome: 'failed', ended, summary, files: [], bytesRead: 0, bytesWritten: 0 },
			}));
			this.#ended.fire(this.get(id)!);
		}
	}
}
