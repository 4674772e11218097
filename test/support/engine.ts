import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import type { JobProgress, JobLogLine, JobResult, JobStart } from '../../src/protocol/jobs.ts';
import { awaitEngine } from '../../src/extension/engine/channel.ts';
import { newMeeting, removeMeeting, type Meeting } from '../../src/extension/engine/meeting.ts';
import { EngineClient } from '../../src/extension/engine/engine-client.ts';
import './programs.ts';

/** Entry of the engine process, as it is shipped. */
export const engineEntry = join(inject('programs'), 'engine.mjs');

export interface RunningEngine {
	readonly client: EngineClient;
	readonly meeting: Meeting;
	readonly process: ChildProcess;
	/** What it wrote to standard output and error. */
	readonly said: () => string;
}

/** Starts the real engine process and shakes hands with it, as the extension does. It is killed when the test ends. */
export async function startTestEngine(env: Record<string, string>): Promise<RunningEngine> {
	const meeting = newMeeting();
	const child = spawn(process.execPath, [engineEntry, '--connect', meeting.path], {
		env: { ...process.env, ...env },
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	onTestFinished(() => {
		child.kill('SIGKILL');
		removeMeeting(meeting);
	});
	let said = '';
	child.stdout.on('data', (data: Buffer) => (said += data.toString()));
	child.stderr.on('data', (data: Buffer) => (said += data.toString()));
	child.stdin.on('error', () => undefined);
	child.stdin.write(`${meeting.token}\n`);
	const early = new AbortController();
	child.once('exit', (code) => early.abort(new Error(`The engine ended with ${code}: ${said}`)));
	const connection = await awaitEngine(meeting, early.signal);
	return { client: new EngineClient(connection), meeting, process: child, said: () => said };
}

/** A job that is watched from its start. */
export interface WatchedJob {
	readonly id: string;
	readonly progress: JobProgress[];
	readonly log: JobLogLine[];
	readonly ended: Promise<JobResult>;
}

export async function startJob(client: EngineClient, start: JobStart): Promise<WatchedJob> {
	const progress: (readonly [string, JobProgress])[] = [];
	const log: (readonly [string, JobLogLine])[] = [];
	const ends = new Map<string, JobResult>();
	let wake = () => undefined as void;
	client.on('jobs/progress', (event) => progress.push([event.id, event.progress]));
	client.on('jobs/log', (event) => log.push([event.id, event.line]));
	client.on('jobs/ended', (event) => {
		ends.set(event.id, event.result);
		wake();
	});
	const { id } = await client.request('jobs/start', start);
	const ended = new Promise<JobResult>((done) => {
		wake = () => {
			const result = ends.get(id);
			if (result !== undefined) done(result);
		};
		wake();
	});
	const own = <T>(all: (readonly [string, T])[]) => all.filter(([of]) => of === id).map(([, value]) => value);
	return {
		id,
		get progress() {
			return own(progress);
		},
		get log() {
			return own(log);
		},
		ended,
	};
}
