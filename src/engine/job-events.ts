import type { JobPhase } from '../protocol/job-phases.ts';

/** What a running job tells: progress at most a few times a second, log lines as they come. Plain data, fit for JSON. */
export type JobEvent = ProgressEvent | LogEvent;

export interface ProgressEvent {
	readonly type: 'progress';
	readonly phase: JobPhase;
	/** Bytes of work done and to be done in this phase; holes do not count. */
	readonly doneBytes: number;
	readonly totalBytes: number;
	/** Bytes of work a second, smoothed. */
	readonly rate: number;
	/** Undefined while there is no rate to tell it from. */
	readonly secondsLeft: number | undefined;
	/** Bytes read from sources, and written to the destination, since the job began. */
	readonly read: number;
	readonly written: number;
}

export interface LogEvent {
	readonly type: 'log';
	readonly level: 'info' | 'warning';
	readonly message: string;
	/** What the reader can do about it. */
	readonly advice?: string;
	/**
	 * What a log that every user may read says in place of a message that holds what others are not to know, such as the
	 * arguments and the output of a program; empty when it says nothing. Absent where the message is fit for all.
	 */
	readonly openly?: string;
	/** The result of the job says it too: it is for logs, and for runs that end without a result. */
	readonly inResult?: true;
}
