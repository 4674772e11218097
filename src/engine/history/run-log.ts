import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { toErrorRecord, type ErrorRecord } from '../../base/errors.ts';
import { english } from '../../base/l10n.ts';
import { formatBytes } from '../../base/quantity.ts';
import type { BackupType } from '../../protocol/backups.ts';
import { phaseName, type JobPhase } from '../../protocol/job-phases.ts';
import type { JobEvent } from '../job-events.ts';
import type { Clock, ProcessIdentity } from '../ports.ts';
import { engineVersion } from '../version.ts';
import { AppendedFile } from './appended-file.ts';
import {
	byAge,
	jsonExtension,
	openExtension,
	runName,
	runNamePattern,
	textExtension,
	type RunDescription,
	type RunEnd,
	type RunLine,
} from './run-lines.ts';
import type { Readers, RunsFolder } from './runs-folder.ts';

/** Runs that are kept; the oldest go when a new one begins. */
export const keptRuns = 2000;

/**
 * The logs of one run: text for people, JSON lines for programs. Where every user may read what root has run, the text for
 * people is root's alone, and a second one, like the lines for programs, leaves out what is nobody's business.
 */
export class RunLog {
	/** Path of the log for people, with all that is in it. */
	readonly path: string;
	readonly #clock: Clock;
	readonly #json: AppendedFile;
	readonly #text: AppendedFile;
	/** The text that every user may read, if there is one. */
	readonly #open: AppendedFile | undefined;
	/** Something was left out of it. */
	#withheld = false;
	/** A later title than that of the first line. */
	#title: string | undefined;
	#made: BackupType | undefined;
	#phase: JobPhase | undefined;
	#waiting: (() => void)[] = [];

	constructor(folder: RunsFolder, run: RunDescription, clock: Clock, process: ProcessIdentity) {
		this.#clock = clock;
		const started = new Date(clock.now());
		removeOldest(folder, keptRuns - 1, clock.now());
		const id = runName(started, randomBytes(4).toString('hex'));
		this.path = join(folder.path, id + textExtension);
		const made: (readonly [string, AppendedFile])[] = [];
		const make = (extension: string, readers: Readers) => {
			const file = new AppendedFile(folder.create(id + extension, readers));
			made.push([id + extension, file]);
			return file;
		};
		try {
			this.#json = make(jsonExtension, 'everybody');
			this.#text = make(textExtension, 'owner');
			this.#open = folder.shared ? make(openExtension, 'everybody') : undefined;
		} catch (error) {
			for (const [name, file] of made) {
				file.close();
				folder.remove(name);
			}
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
		const head = [
			`Afterimage ${engineVersion} on ${process.host}, ${localTime(started)} ${zoneOf(started)}`,
			title,
			...(definition === undefined ? [] : [`Definition: ${definition}`]),
		];
		this.#say(`${head.join('\n')}\n`);
	}

	/** Why the log lacks something, and will from then on; undefined while it has all. */
	get lost(): string | undefined {
		return this.#json.lost ?? this.#text.lost ?? this.#open?.lost;
	}

	event(event: JobEvent): void {
		if (event.type === 'log') {
			const { level, message, advice, openly } = event;
			this.#note(level, message, openly ?? message, advice);
		} else if (event.phase !== this.#phase) {
			this.#phase = event.phase;
			const { phase, totalBytes } = event;
			const time = new Date(this.#clock.now());
			const extent = totalBytes === 0 ? '' : `: ${formatBytes(totalBytes)}`;
			// A phase may begin while the file system of this log is frozen, where a write hangs; log lines never come then.
			this.#waiting.push(() => {
				this.#line({ type: 'phase', time: time.toISOString(), phase, totalBytes });
				this.#say(`${localTime(time)}  ${loggedPhase(phase)}${extent}`);
			});
		}
	}

	/** Gives the run a title that says more than its first one. */
	rename(title: string): void {
		if (title === this.#title) return;
		this.#title = title;
		this.#line({ type: 'title', time: this.#now(), title });
	}

	/** Keeps for the end of the log which backup the run has made. */
	made(type: BackupType): void {
		this.#made = type;
	}

	end(end: RunEnd, error?: unknown): void {
		this.#writeWaiting();
		const record = error === undefined ? undefined : toErrorRecord(error);
		const openly = record === undefined ? end.summary : openMessage(record);
		// That somebody has ended a run is no error: the last line says it.
		const cancelled = end.outcome === 'cancelled';
		if (record !== undefined && !cancelled) this.#note('error', record.message, openly, record.advice);
		const summary = this.#open === undefined ? end.summary : openly;
		const told = record === undefined ? {} : { error: { ...record, message: summary } };
		const named = {
			...(this.#title === undefined ? {} : { title: this.#title }),
			...(this.#made === undefined ? {} : { made: this.#made }),
		};
		this.#line({ type: 'end', time: this.#now(), ...named, ...end, summary, ...told });
		const words = { success: 'Success', warning: 'Ended with warnings', failed: 'Failed', cancelled: 'Cancelled' };
		this.#sayTimed(record === undefined ? `${words[end.outcome]}: ${end.summary}` : words[end.outcome]);
		if (cancelled) this.#advise(record?.advice);
		for (const file of end.files) this.#say(`  ${file}`);
		for (const file of [this.#json, this.#text, this.#open]) file?.close();
	}

	#note(level: 'info' | 'warning' | 'error', message: string, openly: string, advice: string | undefined): void {
		this.#writeWaiting();
		const time = this.#now();
		if (openly !== message) this.#withhold();
		const fit = this.#open === undefined ? message : openly;
		if (fit !== '') this.#line({ type: 'log', time, level, message: fit, ...(advice === undefined ? {} : { advice }) });
		const prefix = { info: '', warning: 'Warning: ', error: 'Error: ' }[level];
		this.#sayTimed(`${prefix}${message}`, openly === '' ? '' : `${prefix}${openly}`);
		this.#advise(advice);
	}

	#advise(advice: string | undefined): void {
		if (advice !== undefined) this.#say(`                     ${advice}`);
	}

	/** Says once in the log for everybody that it is not all, and who has the rest. */
	#withhold(): void {
		if (this.#withheld) return;
		this.#withheld = true;
		this.#open?.add(
			`(What programs were given and said, which files are damaged, and what may be quoted of a definition, is left out here. ` +
				`It is in ${this.path}, which root alone may read.)\n`,
		);
	}

	#writeWaiting(): void {
		for (const write of this.#waiting.splice(0)) write();
	}

	#line(line: RunLine): void {
		this.#json.add(`${JSON.stringify(line)}\n`);
	}

	#sayTimed(text: string, openly = text): void {
		const time = localTime(new Date(this.#clock.now()));
		this.#say(`${time}  ${text}`, openly === '' ? '' : `${time}  ${openly}`);
	}

	/** @param openly what every user may read of it; empty when that is nothing */
	#say(text: string, openly = text): void {
		this.#text.add(`${text}\n`);
		if (openly !== '') this.#open?.add(`${openly}\n`);
	}

	#now(): string {
		return new Date(this.#clock.now()).toISOString();
	}
}

/** What everybody may read of an error: the problems of a definition quote a text that may be for its owner alone. */
function openMessage({ message, details }: ErrorRecord): string {
	return details?.['problems'] === undefined ? message : `${details['path']} is not a valid definition`;
}

/** Removes the logs of the oldest runs beyond `keep`. */
function removeOldest(folder: RunsFolder, keep: number, now: number): void {
	const byRun = new Map<string, string[]>();
	for (const name of folder.list()) {
		const run = name.replace(/(\.public)?\.[a-z]+$/, '');
		if (!runNamePattern.test(run)) continue;
		const files = byRun.get(run);
		if (files === undefined) byRun.set(run, [name]);
		else files.push(name);
	}
	const runs = [...byRun.keys()].sort((a, b) => byAge(a, b, now));
	for (const run of runs.slice(keep)) byRun.get(run)!.forEach((name) => folder.remove(name));
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

/** A log is read later and by itself: it says what was checked. */
function loggedPhase(phase: JobPhase): string {
	return phase === 'check' ? 'Checking what was written' : phaseName(phase, english);
}
