import type { Schedule, Timing } from '../model.ts';
import {
	dayAt,
	firstOfMonth,
	instantOf,
	monthNumber,
	monthlyDay,
	parseDay,
	weekdayOf,
	weekdayOfMonth,
	weekNumber,
	type Day,
} from './calendar.ts';

/** Nothing is planned for later than this. */
const lastDay = parseDay('9999-12-31');

/** Intervals without a start date are counted from a Monday. */
export const defaultAnchor = parseDay('1970-01-05');

/**
 * The instants at which a schedule is due, after `after`, ascending, without end where it has none. Whether the
 * schedule is enabled is not looked at; one that waits for an event is never due.
 * @throws AfterimageError `invalid-argument` when the zone is unknown
 */
export function* occurrences(schedule: Schedule, after: number, zone: string): Generator<number> {
	const { timing } = schedule;
	if (timing.kind === 'event') return;
	const start = schedule.startDate === undefined ? undefined : parseDay(schedule.startDate);
	if (timing.kind === 'once') {
		const day = parseDay(timing.date);
		const time = instantOf(day, timing.time, zone);
		if (time > after && (start === undefined || day >= start)) yield time;
		return;
	}
	// A clock that skips midnight can carry a run over to the next day.
	let day = Math.max(dayAt(after, zone) - 1, start ?? -Infinity);
	let last = after;
	// Hours that end before they begin have no time on any day, not only on one that the clock cuts short.
	for (let empty = 0; empty < 8; day++) {
		day = nextDay(timing, day, start ?? defaultAnchor);
		if (day > lastDay) return;
		empty++;
		for (const time of timesOn(timing, day, zone)) {
			empty = 0;
			if (time <= last) continue;
			yield time;
			last = time;
		}
	}
}

type Recurring = Exclude<Timing, { kind: 'event' | 'once' }>;

/** The first day from `day` on, itself included, on which a schedule runs. @param anchor the day that intervals are counted from */
export function nextDay(timing: Recurring, day: Day, anchor: Day): Day {
	// A form may hold a plan that is not finished.
	if ('days' in timing && timing.days.length === 0) return lastDay + 1;
	switch (timing.kind) {
		case 'daily':
			return nextMultiple(day, anchor, timing.interval);
		case 'weekly': {
			let at = day;
			for (;;) {
				const week = nextMultiple(weekNumber(at), weekNumber(anchor), timing.interval);
				const monday = week * 7 - 3;
				at = Math.max(at, monday);
				while (at < monday + 7 && !timing.days.includes(weekdayOf(at))) at++;
				if (at < monday + 7) return at;
			}
		}
		case 'intradaily': {
			let at = day;
			while (!timing.days.includes(weekdayOf(at))) at++;
			return at;
		}
		case 'monthly':
		case 'monthly_weekday': {
			let month = monthNumber(day);
			for (;;) {
				month = nextMultiple(month, monthNumber(anchor), timing.interval);
				if (firstOfMonth(month) > lastDay) return firstOfMonth(month);
				const at =
					timing.kind === 'monthly'
						? monthlyDay(month, timing.day)
						: weekdayOfMonth(month, timing.week, timing.weekday);
				if (at >= day) return at;
				month++;
			}
		}
	}
}

function* timesOn(timing: Recurring, day: Day, zone: string): Generator<number> {
	if (timing.kind !== 'intradaily') {
		yield instantOf(day, timing.time, zone);
		return;
	}
	// Steps of real time: where the clock is set back, the hour that it shows twice has runs twice.
	const end = instantOf(day, timing.until, zone);
	for (let time = instantOf(day, timing.from, zone); time <= end; time += Math.max(1, timing.minutes) * 60_000)
		yield time;
}

/** The smallest number from `from` on that lies a whole number of intervals from the anchor. */
function nextMultiple(from: number, anchor: number, interval: number): number {
	const step = Math.max(1, interval);
	return anchor + Math.ceil((from - anchor) / step) * step;
}
