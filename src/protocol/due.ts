import type { ErrorRecord } from '../base/errors.ts';
import type { BackupType } from './backups.ts';
import type { RunRecord } from './jobs.ts';

/**
 * How a schedule stands: `disabled`; `event`, which has no time; `ahead`, not due since its definition was written; `made`; `due`,
 * within the time that a scheduler may take; `running`, a run that will do is under way or waits; `overdue`; `unknown`, the
 * history does not reach back to when it was due.
 */
export type DueKind = 'disabled' | 'event' | 'ahead' | 'made' | 'due' | 'running' | 'overdue' | 'unknown';

/** Times as ISO 8601 has them. */
export interface DueSchedule {
	/** Within its definition, from 1. */
	readonly number: number;
	readonly type: BackupType;
	/** When it runs, in English. */
	readonly when: string;
	readonly kind: DueKind;
	readonly lastDue?: string;
	/** When the newest backup was begun that is of its type or a greater one. */
	readonly lastMade?: string;
	/** The first time that it was due and no backup was made for: of `due`, `running` and `overdue`. */
	readonly missedSince?: string;
}

/** Whether the scheduled backups of a definition were made. */
export interface DueReport {
	/** Absolute path. */
	readonly definition: string;
	readonly name: string;
	/** By whose clock its schedules run. */
	readonly zone: string;
	readonly schedules: readonly DueSchedule[];
	/** The newest run that has ended, if there was one. */
	readonly lastRun?: Pick<RunRecord, 'started' | 'outcome' | 'summary' | 'logPath'>;
}

export interface DueReports {
	/** In the order of what was asked. */
	readonly reports: readonly DueReport[];
	/** Why others cannot be told of: they are not there, or not valid. */
	readonly failures: readonly ErrorRecord[];
}
