import type { BackupDefinition } from '../../../src/definition/model.ts';
import {
	dayAt,
	dayOfMonth,
	firstOfMonth,
	formatDay,
	instantOf,
	weekdayOf,
	type Day,
} from '../../../src/definition/plan/calendar.ts';
import { runsAfter, type Run } from '../../../src/definition/plan/next-runs.ts';
import { weekdays } from '../../../src/definition/model.ts';
import type { BackupType } from '../../../src/definition/retention/types.ts';

export interface CalendarDay {
	/** `YYYY-MM-DD`. */
	readonly date: string;
	readonly day: number;
	readonly inMonth: boolean;
	readonly runs: readonly Run[];
	/** How many runs of each type, in the order full, differential, incremental; types without any are left out. */
	readonly counts: readonly { readonly type: BackupType; readonly count: number }[];
}

/** More runs than this in one month are not counted on. */
const maxRuns = 5_000;

/**
 * A month as weeks from Monday to Sunday, with the runs from now on.
 * @param month months since January 1970
 */
export function calendarMonth(
	definition: Pick<BackupDefinition, 'scheduling'>,
	month: number,
	now: number,
	systemZone: string,
): readonly (readonly CalendarDay[])[] {
	const zone = definition.scheduling.timeZone ?? systemZone;
	const first = mondayBefore(firstOfMonth(month));
	const last = mondayBefore(firstOfMonth(month + 1) - 1) + 6;
	const from = Math.max(now, instantOf(first, '00:00', zone) - 1);
	const until = instantOf(last + 1, '00:00', zone);
	const byDay = new Map<Day, Run[]>();
	let count = 0;
	for (const run of runsAfter(definition, from, systemZone)) {
		if (run.time >= until || count++ >= maxRuns) break;
		const day = dayAt(run.time, zone);
		byDay.set(day, [...(byDay.get(day) ?? []), run]);
	}
	const weeks: CalendarDay[][] = [];
	for (let monday = first; monday <= last; monday += 7) {
		weeks.push(Array.from({ length: 7 }, (_, i) => calendarDay(monday + i, month, byDay.get(monday + i) ?? [])));
	}
	return weeks;
}

function calendarDay(day: Day, month: number, runs: readonly Run[]): CalendarDay {
	const counts = (['full', 'diff', 'inc'] as const)
		.map((type) => ({ type, count: runs.filter((run) => run.backupType === type).length }))
		.filter(({ count }) => count > 0);
	const inMonth = day >= firstOfMonth(month) && day < firstOfMonth(month + 1);
	return { date: formatDay(day), day: dayOfMonth(day), inMonth, runs, counts };
}

function mondayBefore(day: Day): Day {
	return day - weekdays.indexOf(weekdayOf(day));
}
