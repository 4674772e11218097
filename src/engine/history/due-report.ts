import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { toErrorRecord, type ErrorRecord } from '../../base/errors.ts';
import { english } from '../../base/l10n.ts';
import { localZone } from '../../base/local-zone.ts';
import { describeTiming } from '../../definition/plan/describe.ts';
import { dueStates, standardGrace, type PastRun } from '../../definition/plan/due.ts';
import type { BackupType } from '../../protocol/backups.ts';
import type { DueReport, DueReports } from '../../protocol/due.ts';
import type { RunningRun, RunRecord } from '../../protocol/jobs.ts';
import { loadDefinition } from '../definition-run/load-definition.ts';
import { isRunOf } from './is-run-of.ts';

/** What the history knows. Times in milliseconds since 1970. */
export interface KnownRuns {
	readonly now: number;
	readonly upSince: number;
	/** Newest first. */
	readonly records: readonly RunRecord[];
	readonly running: readonly RunningRun[];
	readonly knownSince: number | undefined;
}

/** Of several definitions, as {@link dueReport} has it. Throws nothing. */
export function dueReports(files: readonly string[], grace: number | undefined, known: KnownRuns): DueReports {
	const reports: DueReport[] = [];
	const failures: ErrorRecord[] = [];
	for (const file of files) {
		try {
			reports.push(dueReport(file, grace, known));
		} catch (error) {
			failures.push(toErrorRecord(error));
		}
	}
	return { reports, failures };
}

/**
 * Whether the scheduled backups of a definition were made, by its runs and those of root's copy of it.
 * @param grace see `DueFacts`; undefined for the standard
 * @throws AfterimageError as {@link loadDefinition} does
 */
export function dueReport(file: string, grace: number | undefined, known: KnownRuns): DueReport {
	const { now, upSince, knownSince } = known;
	const { path, definition } = loadDefinition(resolve(file));
	const { name, scheduling } = definition;
	const records = known.records.filter((record) => isRunOf(record, path));
	const running = known.running.filter((run) => isRunOf(run, path));
	const systemZone = localZone();
	const states = dueStates({
		scheduling,
		runs: [...records.map(pastRun), ...running.map((run) => ({ ...begun(run), ended: undefined, type: typeOf(run) }))],
		changed: statSync(path).mtimeMs,
		knownSince,
		now,
		upSince,
		grace: grace ?? standardGrace,
		systemZone,
	});
	const [last] = records;
	return {
		definition: path,
		name,
		zone: scheduling.timeZone ?? systemZone,
		schedules: scheduling.schedules.map((schedule, index) => {
			const { kind, lastDue, lastMade, missedSince } = states[index]!;
			return {
				number: index + 1,
				type: schedule.backupType,
				when: describeTiming(schedule, english),
				kind,
				...time('lastDue', lastDue),
				...time('lastMade', lastMade),
				...time('missedSince', missedSince),
			};
		}),
		...(last === undefined ? {} : { lastRun: lastRun(last) }),
	};
}

function pastRun(record: RunRecord): PastRun {
	const { ended, made, outcome } = record;
	// Logs of earlier versions name the type that was asked for alone.
	const succeeded = outcome === 'success' || outcome === 'warning';
	const end = Date.parse(ended);
	// The clock was set back during a run that ended before it began.
	const started = Math.min(Date.parse(record.started), end);
	return { started, ended: end, type: made ?? (succeeded ? typeOf(record) : undefined) };
}

function begun({ started }: RunningRun | RunRecord): Pick<PastRun, 'started'> {
	return { started: Date.parse(started) };
}

/** The least type that a run makes which was asked for one. */
function typeOf({ type }: RunningRun | RunRecord): BackupType {
	return type === 'full' || type === 'diff' ? type : 'inc';
}

function lastRun({ started, outcome, summary, logPath }: RunRecord): NonNullable<DueReport['lastRun']> {
	return { started, outcome, summary, ...(logPath === undefined ? {} : { logPath }) };
}

function time<K extends string>(key: K, value: number | undefined): Partial<Record<K, string>> {
	return value === undefined ? {} : ({ [key]: new Date(value).toISOString() } as Record<K, string>);
}
