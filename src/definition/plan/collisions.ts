import type { Schedule } from '../model.ts';
import { parseDay, type Day } from './calendar.ts';
import { rank } from './next-runs.ts';
import { defaultAnchor, nextDay } from './occurrences.ts';

/** How far ahead schedules are compared: four years hold every pair of weekdays and days of the month. */
const horizon = 1461;
const words = Math.ceil((horizon + 1) / 32);
const minutesPerDay = 1440;

/** When a schedule is due: a bit for each day from the first on, and the minutes of those days. */
interface Due {
	readonly schedule: Schedule;
	readonly index: number;
	readonly days: Uint32Array;
	readonly minutes: ReadonlySet<number>;
}

/**
 * For each schedule, the first in the list that takes its place because both are due at the same minute on some day from
 * `from` on, by the clock on the wall: one of a higher type (full, differential, incremental), or an earlier one of the
 * same type. Undefined where none does. Schedules that share no minute are not compared one by one.
 */
export function rivals(schedules: readonly Schedule[], from: Day): (Schedule | undefined)[] {
	const calendar = new Calendar(from);
	const list = schedules.map((schedule, index): Due => ({
		schedule,
		index,
		days: calendar.daysOf(schedule),
		minutes: minutesOf(schedule),
	}));
	const result = new Array<Schedule | undefined>(list.length).fill(undefined);
	// Days that are taken at each minute of the day by the schedules that go before.
	const taken = new Uint32Array(minutesPerDay * words);
	for (const one of list.toSorted(before)) {
		if (isTaken(taken, one))
			result[one.index] = list.find((other) => before(other, one) < 0 && meet(other, one))?.schedule;
		take(taken, one);
	}
	return result;
}

function before(a: Due, b: Due): number {
	return rank[a.schedule.backupType] - rank[b.schedule.backupType] || a.index - b.index;
}

function isTaken(taken: Uint32Array, { days, minutes }: Due): boolean {
	for (const minute of minutes) {
		const base = minute * words;
		for (let word = 0; word < words; word++) if ((taken[base + word]! & days[word]!) !== 0) return true;
	}
	return false;
}

function take(taken: Uint32Array, { days, minutes }: Due): void {
	for (const minute of minutes) {
		const base = minute * words;
		for (let word = 0; word < words; word++) taken[base + word]! |= days[word]!;
	}
}

function meet(a: Due, b: Due): boolean {
	const [few, many] = a.minutes.size < b.minutes.size ? [a.minutes, b.minutes] : [b.minutes, a.minutes];
	for (const minute of few) if (many.has(minute)) return a.days.some((word, index) => (word & b.days[index]!) !== 0);
	return false;
}

/** The days of schedules, found once for all that run on the same ones. */
class Calendar {
	readonly #from: Day;
	readonly #known = new Map<string, Uint32Array>();

	constructor(from: Day) {
		this.#from = from;
	}

	daysOf({ timing, startDate }: Schedule): Uint32Array {
		const key = JSON.stringify([{ ...timing, time: '', from: '', until: '', minutes: 0 }, startDate]);
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const days = new Uint32Array(words);
		this.#known.set(key, days);
		if (timing.kind === 'event') return days;
		const start = startDate === undefined ? undefined : parseDay(startDate);
		const first = Math.max(this.#from, start ?? -Infinity);
		const end = this.#from + horizon;
		if (timing.kind === 'once') {
			const day = parseDay(timing.date);
			if (day >= first && day <= end) this.#set(days, day);
			return days;
		}
		const anchor = start ?? defaultAnchor;
		for (let day = nextDay(timing, first, anchor); day <= end; day = nextDay(timing, day + 1, anchor))
			this.#set(days, day);
		return days;
	}

	#set(days: Uint32Array, day: Day): void {
		const bit = day - this.#from;
		days[bit >> 5]! |= 1 << (bit & 31);
	}
}

/** Minutes of the day at which a schedule is due on its days. */
function minutesOf({ timing }: Schedule): Set<number> {
	if (timing.kind === 'event') return new Set();
	if (timing.kind !== 'intradaily') return new Set([minuteOf(timing.time)]);
	const minutes = new Set<number>();
	const end = minuteOf(timing.until);
	for (let at = minuteOf(timing.from); at <= end; at += Math.max(1, timing.minutes)) minutes.add(at);
	return minutes;
}

function minuteOf(time: string): number {
	return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}
