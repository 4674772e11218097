import type { Schedule } from '../model.ts';
import { parseDay, type Day } from './calendar.ts';
import { defaultAnchor, nextDay } from './occurrences.ts';

/** How far ahead two schedules are compared: four years hold every pair of weekdays and days of the month. */
const horizon = 1461;

/** Whether two schedules are due at the same minute on some day from `from` on, by the clock on the wall. */
export function meet(a: Schedule, b: Schedule, from: Day): boolean {
	if (!minutesOf(a).some((minute) => minutesOf(b).includes(minute))) return false;
	const end = from + horizon;
	let day = Math.max(from, startOf(a), startOf(b));
	while (day <= end) {
		const [first, second] = [dayFrom(a, day), dayFrom(b, day)];
		if (first === second) return first <= end;
		day = Math.max(first, second);
	}
	return false;
}

function startOf({ startDate }: Schedule): Day {
	return startDate === undefined ? -Infinity : parseDay(startDate);
}

function dayFrom({ timing, startDate }: Schedule, day: Day): Day {
	if (timing.kind === 'event') return Infinity;
	if (timing.kind === 'once') return parseDay(timing.date) >= day ? parseDay(timing.date) : Infinity;
	return nextDay(timing, day, startDate === undefined ? defaultAnchor : parseDay(startDate));
}

/** Minutes of the day at which a schedule is due on its days. */
function minutesOf({ timing }: Schedule): number[] {
	if (timing.kind === 'event') return [];
	if (timing.kind !== 'intradaily') return [minuteOf(timing.time)];
	const minutes: number[] = [];
	const end = minuteOf(timing.until);
	for (let at = minuteOf(timing.from); at <= end; at += Math.max(1, timing.minutes)) minutes.push(at);
	return minutes;
}

function minuteOf(time: string): number {
	return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}
