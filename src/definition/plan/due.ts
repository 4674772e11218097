import type { Schedule, Scheduling } from '../model.ts';
import type { BackupType } from '../retention/types.ts';
import { rank } from './next-runs.ts';
import { occurrences } from './occurrences.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** What a scheduler may take to begin: that of Windows waits for ten minutes before it makes up for what was missed. */
export const standardGrace = 30 * minute;

/** A scheduled run waits for its folder for up to a day; one that takes longer than this stands still, as on a lost share. */
const longestRun = 3 * day;

/** A run of a definition. Times in milliseconds since 1970. */
export interface PastRun {
	readonly started: number;
	/** Undefined while it runs or waits. */
	readonly ended: number | undefined;
	/** Type of the backup that it has made, or found made; of one that has not ended, the type that it is asked for. Undefined: none. */
	readonly type: BackupType | undefined;
}

/** What is known of a definition and its runs. Times in milliseconds since 1970. */
export interface DueFacts {
	readonly scheduling: Scheduling;
	/** In any order. */
	readonly runs: readonly PastRun[];
	/** When the definition was last written: what was due before was not asked for as it is now. In the future nobody knows. */
	readonly changed: number;
	/** Before this nothing is known of runs; undefined when all of them are. */
	readonly knownSince?: number | undefined;
	readonly now: number;
	/** Since when the computer is on. */
	readonly upSince: number;
	/** How long after it is due, or after the start of the computer, a backup may be on its way unseen, in milliseconds. */
	readonly grace: number;
	/** Zone of the computer, for definitions that name none. */
	readonly systemZone: string;
}

/**
 * `disabled`, `event` (waits for one and has no time), `ahead` (not due since the definition was written), `made`,
 * `due` (within the grace), `running` (due, and a run that will do is under way or waits), `overdue`, `unknown` (nothing is
 * known of runs as far back as it was due).
 */
export type DueKind = 'disabled' | 'event' | 'ahead' | 'made' | 'due' | 'running' | 'overdue' | 'unknown';

/** How a schedule stands. Times in milliseconds since 1970. */
export interface DueState {
	readonly kind: DueKind;
	/** When it was last due, since the definition was written. */
	readonly lastDue: number | undefined;
	/** When the run began that made the newest backup that will do for it. */
	readonly lastMade: number | undefined;
	/** The first time that it was due and for which no backup was made, of `due`, `running` and `overdue`. */
	readonly missedSince: number | undefined;
}

/**
 * How each schedule of a definition stands, in their order. A backup will do for a schedule when it is of the same or a greater
 * type and its run had not ended when it was due: a scheduler starts none beside one that runs. What a wrong clock has
 * dated ahead counts for nothing.
 * @throws AfterimageError `invalid-argument` when a zone is unknown
 */
export function dueStates(facts: DueFacts): DueState[] {
	return facts.scheduling.schedules.map((schedule) => dueState(schedule, facts));
}

function dueState(schedule: Schedule, facts: DueFacts): DueState {
	const { now, upSince, grace, knownSince = -Infinity } = facts;
	const none = { lastDue: undefined, lastMade: undefined, missedSince: undefined };
	if (!schedule.enable) return { ...none, kind: 'disabled' };
	if (schedule.timing.kind === 'event') return { ...none, kind: 'event' };
	// One that is under way is no matter of dates: its clock may have been set right since it began.
	const past = facts.runs.filter(({ started, ended }) => ended === undefined || started <= now + minute);
	const fit = past.filter(({ type }) => type !== undefined && rank[type] <= rank[schedule.backupType]);
	const made = fit.flatMap(({ started, ended }) => (ended === undefined ? [] : [{ started, ended }]));
	const lastMade = latest(made.map(({ started }) => started));
	const zone = facts.scheduling.timeZone ?? facts.systemZone;
	const changed = facts.changed <= now + minute ? facts.changed : Math.min(now, ...past.map(({ started }) => started));
	const lastDue = lastOccurrence(schedule, changed, now, zone);
	const state = { lastDue, lastMade, missedSince: undefined };
	if (lastDue === undefined) return { ...state, kind: 'ahead' };
	const served = latest(made.map(({ started, ended }) => (ended > now + minute ? started : ended))) ?? -Infinity;
	if (served >= lastDue) return { ...state, kind: 'made' };
	const missed = occurrences(schedule, Math.max(changed, knownSince, served), zone).next();
	if (missed.done === true || missed.value > now) return { ...state, kind: 'unknown' };
	const missedSince = missed.value;
	if (fit.some(({ started, ended }) => ended === undefined && now - started < longestRun))
		return { ...state, missedSince, kind: 'running' };
	const late = now >= Math.max(missedSince, upSince) + grace;
	return { ...state, missedSince, kind: late ? 'overdue' : 'due' };
}

/** The last time up to `until` at which a schedule was due after `after`; looked for backwards in ever longer steps. */
function lastOccurrence(schedule: Schedule, after: number, until: number, zone: string): number | undefined {
	for (let span = 2 * day; ; span *= 4) {
		const from = Math.max(after, until - span);
		let last: number | undefined;
		for (const time of occurrences(schedule, from, zone)) {
			if (time > until) break;
			last = time;
		}
		if (last !== undefined || from === after) return last;
	}
}

function latest(times: readonly number[]): number | undefined {
	return times.length === 0 ? undefined : times.reduce((last, time) => Math.max(last, time));
}
