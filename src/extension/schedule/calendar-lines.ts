import { localZone } from '../../base/local-zone.ts';
import { weekdays, type Schedule, type Timing, type WeekOfMonth } from '../../definition/model.ts';
import { formatDay, instantOf, parseDay, type Day } from '../../definition/plan/calendar.ts';
import { defaultAnchor, nextDay } from '../../definition/plan/occurrences.ts';
import { hourMinuteGroups } from './times.ts';

/** Years for which days that no rule of systemd says are listed one by one. */
const listedYears = 10;
/** The last year that systemd knows. */
const lastYear = 2199;

const millisecondsOfDay = 24 * 60 * 60 * 1000;

type Recurring = Exclude<Timing, { kind: 'event' | 'once' }>;

/** When a timer of systemd elapses (systemd.time(7)). */
export interface Calendar {
	/** Calendar expressions. */
	readonly expressions: readonly string[];
	/** After the days that are listed: the year from which on each of them has to be tested. */
	readonly testedFrom: number | undefined;
}

/**
 * The calendar of a schedule, some of its times of day alone. Intervals of several days, weeks or months are listed as the
 * days that they come to, for ten years: a timer catches up on a day that it names, never on one that a test refuses
 * afterwards.
 * @param today from when on
 */
export function calendarOf(
	{ timing, startDate }: Schedule & { timing: Exclude<Timing, { kind: 'event' }> },
	times: readonly string[],
	zone: string | undefined,
	today: Day,
): Calendar {
	if (timing.kind === 'once' && zone !== undefined) {
		// Of a time that the zone's clock skips, systemd would never run; the plan runs as much later as is skipped.
		const instant = new Date(instantOf(parseDay(timing.date), timing.time, zone)).toISOString();
		return { expressions: [`${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`], testedFrom: undefined };
	}
	const suffix = zone === undefined ? '' : ` ${zone}`;
	const listed = 'interval' in timing && timing.interval > 1;
	const end = Number(formatDay(today).slice(0, 4)) + listedYears;
	const endDay = parseDay(`${end}-01-01`);
	const days = listed ? [...daysUntil(timing, startDate, today, endDay), `${end}..${lastYear}-*-*`] : ruleOf(timing);
	const expressions = days.flatMap((day) =>
		hourMinuteGroups(times).map(({ hours, minutes }) => `${day} ${hours.join(',')}:${minutes.join(',')}:00${suffix}`),
	);
	return {
		expressions: [...expressions, ...skippedTimes(timing, startDate, times, zone ?? localZone(), today, endDay)],
		testedFrom: listed ? end : undefined,
	};
}

/** The days of a timing before `end`, those of a month in one expression. */
function daysUntil(
	timing: Extract<Timing, { interval: number }>,
	startDate: string | undefined,
	today: Day,
	end: Day,
): string[] {
	const months = new Map<string, string[]>();
	for (const day of daysOf(timing, startDate, today, end)) {
		const text = formatDay(day);
		const month = text.slice(0, 7);
		months.set(month, [...(months.get(month) ?? []), text.slice(8)]);
	}
	return [...months].map(([month, days]) => `${month}-${days.join(',')}`);
}

function* daysOf(timing: Recurring, startDate: string | undefined, today: Day, end: Day): Generator<Day> {
	const start = startDate === undefined ? undefined : parseDay(startDate);
	const anchor = start ?? defaultAnchor;
	// A timer that is made today may be behind by a day where the zone is another.
	for (let day = Math.max(today - 1, start ?? -Infinity); (day = nextDay(timing, day, anchor)) < end; day++) yield day;
}

/**
 * Where the clock skips a time when it is set forward, systemd passes over that day; the plan runs as much later as is
 * skipped. What is due in such hours in the years that are listed, as instants.
 */
function skippedTimes(
	timing: Exclude<Timing, { kind: 'event' }>,
	startDate: string | undefined,
	times: readonly string[],
	zone: string,
	today: Day,
	end: Day,
): string[] {
	// Steps of real time pass over such an hour by themselves.
	if (timing.kind === 'once' || timing.kind === 'intradaily') return [];
	const found: string[] = [];
	for (const day of daysOf(timing, startDate, today, end)) {
		if (instantOf(day + 1, '00:00', zone) - instantOf(day, '00:00', zone) >= millisecondsOfDay) continue;
		for (const time of times) {
			const instant = instantOf(day, time, zone);
			if (clockAt(instant, zone) === time) continue;
			const text = new Date(instant).toISOString();
			found.push(`${text.slice(0, 10)} ${text.slice(11, 19)} UTC`);
		}
	}
	return found;
}

function clockAt(instant: number, zone: string): string {
	return new Intl.DateTimeFormat('en-GB', {
		timeZone: zone,
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23',
	}).format(instant);
}

function ruleOf(timing: Exclude<Timing, { kind: 'event' }>): string[] {
	switch (timing.kind) {
		case 'once':
			return [timing.date];
		case 'daily':
			return ['*-*-*'];
		case 'weekly':
		case 'intradaily':
			return [timing.days.length === weekdays.length ? '*-*-*' : `${timing.days.map(dayName).join(',')} *-*-*`];
		case 'monthly':
			return monthDays(timing.day);
		case 'monthly_weekday':
			return [`${dayName(timing.weekday)} ${weekRange[timing.week]}`];
	}
}

/** In a month that has no such day, its last one: `~01` counts from the end of the month. */
function monthDays(day: number | 'last'): string[] {
	if (day === 'last' || day === 31) return ['*-*~01'];
	const date = `*-*-${String(day).padStart(2, '0')}`;
	return day <= 28 ? [date] : [date, '*-02~01'];
}

const weekRange: Readonly<Record<WeekOfMonth, string>> = {
	first: '*-*-01..07',
	second: '*-*-08..14',
	third: '*-*-15..21',
	fourth: '*-*-22..28',
	last: '*-*~07/1',
};

function dayName(day: string): string {
	return day[0]!.toUpperCase() + day.slice(1, 3);
}
