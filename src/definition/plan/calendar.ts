import { DateTime } from 'luxon';
import { AfterimageError } from '../../base/errors.ts';
import { weekdays, type Weekday, type WeekOfMonth } from '../model.ts';

/** A day as the number of days since 1970-01-01: whole numbers, no zones, no clocks. */
export type Day = number;

const msPerDay = 86_400_000;

/** @param text `YYYY-MM-DD`, valid */
export function parseDay(text: string): Day {
	return Date.parse(`${text}T00:00:00Z`) / msPerDay;
}

export function formatDay(day: Day): string {
	return new Date(day * msPerDay).toISOString().slice(0, 10);
}

export function weekdayOf(day: Day): Weekday {
	// 1970-01-01 was a Thursday.
	return weekdays[(((day + 3) % 7) + 7) % 7]!;
}

/** Number of the week that a day belongs to; weeks begin on Monday. */
export function weekNumber(day: Day): number {
	return Math.floor((day + 3) / 7);
}

/** Months since January 1970. */
export function monthNumber(day: Day): number {
	const date = new Date(day * msPerDay);
	return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

export function dayOfMonth(day: Day): number {
	return new Date(day * msPerDay).getUTCDate();
}

/** First day of a month by its number. */
export function firstOfMonth(month: number): Day {
	return Date.UTC(1970, month, 1) / msPerDay;
}

/** The day of a month on which a monthly schedule runs; the last one where the month is too short. */
export function monthlyDay(month: number, day: number | 'last'): Day {
	const last = firstOfMonth(month + 1) - 1;
	return day === 'last' ? last : Math.min(last, firstOfMonth(month) + day - 1);
}

/** The first, second … or last of a weekday in a month. */
export function weekdayOfMonth(month: number, week: WeekOfMonth, weekday: Weekday): Day {
	const wanted = weekdays.indexOf(weekday);
	if (week === 'last') {
		const last = firstOfMonth(month + 1) - 1;
		return last - ((weekdays.indexOf(weekdayOf(last)) - wanted + 7) % 7);
	}
	const first = firstOfMonth(month);
	const lead = (wanted - weekdays.indexOf(weekdayOf(first)) + 7) % 7;
	return first + lead + 7 * ['first', 'second', 'third', 'fourth'].indexOf(week);
}

/** Day on which an instant falls in a zone. */
export function dayAt(time: number, zone: string): Day {
	const steady = steadyOffset(Math.floor(time / msPerDay), zone);
	if (steady !== undefined) return Math.floor((time + steady * 60_000) / msPerDay);
	return parseDay(inZone(time, zone).toFormat('yyyy-MM-dd'));
}

/**
 * The instant at which the clock of a zone shows a time on a day. A time that the clock skips when it is set forward
 * comes as much later as it skips; of a time that it shows twice, the first is meant.
 * @param time `HH:MM`
 */
export function instantOf(day: Day, time: string, zone: string): number {
	const steady = steadyOffset(day, zone);
	if (steady !== undefined) {
		const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
		return day * msPerDay + (minutes - steady) * 60_000;
	}
	const date = new Date(day * msPerDay);
	const clock = DateTime.fromObject(
		{
			year: date.getUTCFullYear(),
			month: date.getUTCMonth() + 1,
			day: date.getUTCDate(),
			hour: Number(time.slice(0, 2)),
			minute: Number(time.slice(3, 5)),
		},
		{ zone },
	);
	if (!clock.isValid) throw unknownZone(zone);
	return Math.min(...clock.getPossibleOffsets().map((one) => one.toMillis()));
}

const minutesPerOffset = new Map<string, number | undefined>();
/** Days whose offsets are remembered; a document with thousands of schedules asks for few days very often. */
const rememberedDays = 4096;

/**
 * Minutes that a zone's clock is ahead of UTC all through a day and its neighbours; undefined where the clock changes,
 * so that the time has to be looked up.
 */
function steadyOffset(day: Day, zone: string): number | undefined {
	const key = `${day} ${zone}`;
	if (minutesPerOffset.has(key)) return minutesPerOffset.get(key);
	const [before, within, after] = [-1, 0.5, 2].map((days) => inZone((day + days) * msPerDay, zone).offset);
	const steady = before === within && within === after ? within : undefined;
	if (minutesPerOffset.size >= rememberedDays) minutesPerOffset.clear();
	minutesPerOffset.set(key, steady);
	return steady;
}

export function isKnownZone(zone: string): boolean {
	return DateTime.fromMillis(0, { zone }).isValid;
}

function inZone(time: number, zone: string): DateTime {
	const clock = DateTime.fromMillis(time, { zone });
	if (!clock.isValid) throw unknownZone(zone);
	return clock;
}

function unknownZone(zone: string): AfterimageError {
	return new AfterimageError('invalid-argument', `Time zone ${zone}: not known on this system`, {
		advice: 'Use an IANA name such as Europe/Berlin or UTC.',
	});
}
