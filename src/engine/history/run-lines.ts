import type { ErrorRecord } from '../../base/errors.ts';
import type { BackupType } from '../../protocol/backups.ts';
import type { JobOutcome, RunKind } from '../../protocol/jobs.ts';
import type { ProcessIdentity } from '../ports.ts';

/** What is run. */
export interface RunDescription {
	readonly kind: RunKind;
	readonly title: string;
	/** Path of the definition that was run. */
	readonly definition?: string | undefined;
	/** Type of backup that was asked for. */
	readonly type?: string | undefined;
}

/** How a run has ended. */
export interface RunEnd {
	readonly outcome: JobOutcome;
	readonly summary: string;
	readonly bytesRead: number;
	readonly bytesWritten: number;
	readonly files: readonly string[];
}

/**
 * A line of the log for programs, JSON each: `start` first, `end` last; a log without an end is that of a run that
 * still runs or was killed. Times are ISO 8601.
 */
export type RunLine =
	| ({ readonly type: 'start'; readonly time: string } & StartFields)
	| {
			readonly type: 'log';
			readonly time: string;
			readonly level: 'info' | 'warning' | 'error';
			readonly message: string;
			readonly advice?: string;
	  }
	| { readonly type: 'phase'; readonly time: string; readonly phase: string; readonly totalBytes: number }
	/** What the run is called once more is known of it. */
	| { readonly type: 'title'; readonly time: string; readonly title: string }
	| ({
			readonly type: 'end';
			readonly time: string;
			/** Instead of the one that the run began with. */
			readonly title?: string;
			/** Type of the backup that there is now; also where the run has failed afterwards. */
			readonly made?: BackupType;
			readonly error?: ErrorRecord;
	  } & RunEnd);

interface StartFields {
	readonly id: string;
	readonly kind: RunKind;
	readonly title: string;
	readonly definition?: string;
	/** Type of backup that was asked for. */
	readonly backup?: string;
	/** Version of Afterimage. */
	readonly version: string;
	readonly process: ProcessIdentity;
}

/** Name of a run and of its logs without their extensions: time of the start, so that names sort by it, and 32 random bits. */
export const runNamePattern = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/;

export function runName(time: Date, random: string): string {
	return `${time.toISOString().replace(/[-:.]/g, '')}-${random}`;
}

/** When the run of a name began, in milliseconds since 1970. */
export function runTime(name: string): number {
	const [, day, hours, minutes, seconds, rest] = /^(\d{8})T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(name) ?? [];
	const date = day === undefined ? '' : `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
	return Date.parse(`${date}T${hours}:${minutes}:${seconds}.${rest}Z`);
}

const day = 24 * 3600 * 1000;

/**
 * Names of runs, newest first. Those that a wrong clock has dated more than a day ahead come last: they would be the newest
 * for years.
 * @param now milliseconds since 1970
 */
export function byAge(a: string, b: string, now: number): number {
	const isAhead = (name: string) => Number(runTime(name) > now + day);
	return isAhead(a) - isAhead(b) || (a < b ? 1 : a > b ? -1 : 0);
}

/** Extensions of the log for programs and of that for people. */
export const jsonExtension = '.jsonl';
export const textExtension = '.log';
/** Of the log for people without what is nobody's business, where every user may read the runs. */
export const openExtension = '.public.log';
