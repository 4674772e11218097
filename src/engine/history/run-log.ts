import { randomBytes } from 'node:crypto';
import { closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { toErrorRecord } from '../../base/errors.ts';
import { formatBytes } from '../../base/quantity.ts';
import type { JobEvent, JobPhase } from '../job-events.ts';
import type { Clock, ProcessIdentity } from '../ports.ts';
import { engineVersion } from '../version.ts';
import {
	jsonExtension,
	runName,
	runNamePattern,
	textExtension,
	type RunDescription,
	type RunEnd,
	type RunLine,
} from './run-lines.ts';
import type { RunsFolder } from './runs-folder.ts';

/** Runs that are kept; the oldest go when a new one begins. */
export const keptRuns = 2000;

const phaseNames: Readonly<Record<JobPhase, string>> = {
	image: 'Imaging',
	check: 'Checking what was written',
	verify: 'Verifying',
	restore: 'Restoring',
	zero: 'Zeroing free space',
	'read-back': 'Reading back',
	merge: 'Merging',
};

/**
 * The two logs of one run: text for people, JSON lines for programs. Each line is one write at the end of its file, so
 * that a killed run leaves at most one cut line. A log that cannot be written any more keeps no run from going on.
 */
export class RunLog {
	/** Path of the log for people. */
	readonly path: string;
	readonly #clock: Clock;
	readonly #json: number;
	readonly #text: number;
	#phase: JobPhase | undefined;
	#broken = false;
	#waiting: (() => void)[] = [];

	constructor(folder: RunsFolder, run: RunDescription, clock: Clock, process: ProcessIdentity) {
		this.#clock = clock;
		removeOldest(folder, keptRuns - 1);
		const started = new Date(clock.now());
		const id = runName(started, randomBytes(4).toString('hex'));
		this.path = join(folder.path, id + textExtension);
		this.#json = folder.create(id + jsonExtension);
		try {
			this.#text = folder.create(id + textExtension);
		} catch (error) {
			closeSync(this.#json);
			folder.remove(id + jsonExtension);
			throw error;
		}
		const { kind, title, definition, type } = run;
		this.#line({
			type: 'start',
			time: started.toISOString(),
			id,
			kind,
			title,
			...(definition === undefined ? {} : { definition }),
			...(type === undefined ? {} : { backup: type }),
			version: engineVersion,
			process,
		});
		this.#say(`Afterimage ${engineVersion} on ${process.host}, ${localTime(started)} ${zoneOf(started)}`);
		this.#say(title);
		if (definition !== undefined) this.#say(`Definition: ${definition}`);
		this.#say('');
	}

	event(event: JobEvent): void {
		if (event.type === 'log') {
			const { level, message, advice } = event;
			this.#note(level, message, advice);
		} else if (event.phase !== this.#phase) {
			this.#phase = event.phase;
			const { phase, totalBytes } = event;
			const time = new Date(this.#clock.now());
			const extent = totalBytes === 0 ? '' : `: ${formatBytes(totalBytes)}`;
			// A phase may begin while the file system of this log is frozen, where a write hangs; log lines never come then.
			this.#waiting.push(() => {
				this.#line({ type: 'phase', time: time.toISOString(), phase, totalBytes });
				this.#say(`${localTime(time)}  ${phaseNames[phase]}${extent}`);
			});
		}
	}

	end(end: RunEnd, error?: unknown): void {
		this.#writeWaiting();
		const record = error === undefined ? undefined : toErrorRecord(error);
		if (record !== undefined) this.#note('error', record.message, record.advice);
		this.#line({ type: 'end', time: this.#now(), ...end, ...(record === undefined ? {} : { error: record }) });
		const words = { success: 'Success', warning: 'Ended with warnings', failed: 'Failed', cancelled: 'Cancelled' };
		const said = record?.message === end.summary ? '' : `: ${end.summary}`;
		this.#sayTimed(`${words[end.outcome]}${said}`);
		for (const file of end.files) this.#say(`  ${file}`);
		closeSync(this.#json);
		closeSync(this.#text);
		this.#broken = true;
	}

	#note(level: 'info' | 'warning' | 'error', message: string, advice: string | undefined): void {
		this.#writeWaiting();
		const time = this.#now();
		this.#line({ type: 'log', time, level, message, ...(advice === undefined ? {} : { advice }) });
		const prefix = { info: '', warning: 'Warning: ', error: 'Error: ' }[level];
		this.#sayTimed(`${prefix}${message}`);
		if (advice !== undefined) this.#say(`                     ${advice}`);
	}

	#writeWaiting(): void {
		for (const write of this.#waiting.splice(0)) write();
	}

	#line(line: RunLine): void {
		this.#write(this.#json, `${JSON.stringify(line)}\n`);
	}

	#sayTimed(text: string): void {
		this.#say(`${localTime(new Date(this.#clock.now()))}  ${text}`);
	}

	#say(text: string): void {
		this.#write(this.#text, `${text}\n`);
	}

	#write(fd: number, text: string): void {
		if (this.#broken) return;
		try {
			writeSync(fd, text);
		} catch {
			this.#broken = true;
		}
	}

	#now(): string {
		return new Date(this.#clock.now()).toISOString();
	}
}

/** Removes the logs of the oldest runs beyond `keep`. */
function removeOldest(folder: RunsFolder, keep: number): void {
	const byRun = new Map<string, string[]>();
	for (const name of folder.list()) {
		const run = name.replace(/\.[a-z]+$/, '');
		if (!runNamePattern.test(run)) continue;
		const files = byRun.get(run);
		if (files === undefined) byRun.set(run, [name]);
		else files.push(name);
	}
	const runs = [...byRun.keys()].sort();
	for (const run of runs.slice(0, Math.max(0, runs.length - keep)))
		byRun.get(run)!.forEach((name) => folder.remove(name));
}

/** `2026-03-01 09:15:00`, on this machine's clock. */
function localTime(time: Date): string {
	const two = (value: number) => String(value).padStart(2, '0');
	const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
	return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** `UTC+01:00` */
function zoneOf(time: Date): string {
	const minutes = -time.getTimezoneOffset();
	const two = (value: number) => String(value).padStart(2, '0');
	const size = Math.abs(minutes);
	return `UTC${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
