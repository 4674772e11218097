import { weekdays, type Schedule, type Weekday, type WeekOfMonth } from '../../definition/model.ts';
import { shellQuote } from './program.ts';

/**
 * Whether a schedule runs today, as tests of a POSIX shell with GNU date: what crontabs and systemd calendars cannot say
 * (every third day, the last day of the month) and which of two schedules goes first. All hold at once when it runs.
 */
export function dateTests(schedule: Schedule): readonly string[] {
	const { timing, startDate } = schedule;
	const tests: string[] = [];
	if (startDate !== undefined) tests.push(`[ "$(date +%Y%m%d)" -ge ${startDate.replaceAll('-', '')} ]`);
	switch (timing.kind) {
		case 'once':
			tests.push(`[ "$(date +%F)" = ${timing.date} ]`);
			break;
		case 'daily':
			if (timing.interval > 1) tests.push(everyDays(startDate ?? dayZero, timing.interval));
			break;
		case 'weekly':
			tests.push(...onWeekdays(timing.days));
			if (timing.interval > 1) tests.push(everyDays(mondayOf(startDate ?? dayZero), timing.interval, 7));
			break;
		case 'monthly':
			tests.push(onDay(timing.day));
			if (timing.interval > 1) tests.push(everyMonths(startDate ?? dayZero, timing.interval));
			break;
		case 'monthly_weekday':
			tests.push(...onWeekdays([timing.weekday]), inWeek(timing.week));
			if (timing.interval > 1) tests.push(everyMonths(startDate ?? dayZero, timing.interval));
			break;
		case 'intradaily':
			tests.push(...onWeekdays(timing.days));
			break;
		case 'event':
			break;
	}
	return tests;
}

/**
 * Tests as one command that succeeds when all hold, by the clock of a zone. It changes nothing of the shell that it runs in.
 * @param zone that of the computer when undefined
 */
export function allHold(tests: readonly string[], zone: string | undefined): string {
	const inZone = zone === undefined ? [] : [`export TZ=${shellQuote(zone)}`];
	return `( ${[...inZone, ...tests].join(' && ')} )`;
}

/** From where intervals are counted when a schedule has no start date: a Monday, the first of the calendar's present era. */
const dayZero = '1970-01-05';

const nthWeek: Readonly<Record<Exclude<WeekOfMonth, 'last'>, number>> = { first: 1, second: 2, third: 3, fourth: 4 };

function onWeekdays(days: readonly Weekday[]): string[] {
	const numbers = weekdays.flatMap((day, index) => (days.includes(day) ? [index + 1] : []));
	return numbers.length === weekdays.length ? [] : [`date +%u | grep -q '[${numbers.join('')}]'`];
}

/** Counted from noon to noon, so that a change of the clock in between does not shift the count. */
function everyDays(from: string, interval: number, unit = 1): string {
	const days = `( $(date -d 12:00 +%s) - $(date -d '${from} 12:00' +%s) + 43200 ) / 86400`;
	return `[ $(( ${days}${unit === 1 ? '' : ` / ${unit}`} % ${interval} )) -eq 0 ]`;
}

function everyMonths(from: string, interval: number): string {
	const [year, month] = from.split('-');
	return `[ $(( ( $(date +%Y) * 12 + $(date +%-m) - ${Number(year) * 12 + Number(month)} ) % ${interval} )) -eq 0 ]`;
}

const isLastDay = `[ "$(date -d '12:00 tomorrow' +%-d)" -eq 1 ]`;

/** In a month that has no such day, the last one. */
function onDay(day: number | 'last'): string {
	if (day === 'last') return isLastDay;
	const isDay = `[ "$(date +%-d)" -eq ${day} ]`;
	return day <= 28 ? isDay : `{ ${isDay} || { ${isLastDay} && [ "$(date +%-d)" -lt ${day} ]; }; }`;
}

function inWeek(week: WeekOfMonth): string {
	if (week === 'last') return `[ "$(date -d '12:00 7 days' +%-m)" -ne "$(date +%-m)" ]`;
	return `[ $(( ( $(date +%-d) + 6 ) / 7 )) -eq ${nthWeek[week]} ]`;
}

/** The Monday of the week of a day, as `YYYY-MM-DD`. */
export function mondayOf(day: string): string {
	const date = new Date(`${day}T00:00:00Z`);
	date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
	return date.toISOString().slice(0, 10);
}
