import type { Schedule, Timing } from '../../definition/model.ts';

/** Minutes since midnight of `HH:MM`. */
export function minutesOf(time: string): number {
	const [hours, minutes] = time.split(':');
	return Number(hours) * 60 + Number(minutes);
}

export function timeText(minutes: number): string {
	return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Times of day at which a timing runs on a day on which it runs; none for events. */
export function timesOfDay(timing: Timing): readonly string[] {
	if (timing.kind === 'event') return [];
	if (timing.kind !== 'intradaily') return [timing.time];
	const times: string[] = [];
	for (let at = minutesOf(timing.from); at <= minutesOf(timing.until); at += timing.minutes) times.push(timeText(at));
	return times;
}

/** Times grouped so that each group is every combination of its hours and minutes, as calendars and crontabs write them. */
export function hourMinuteGroups(
	times: readonly string[],
): readonly { hours: readonly string[]; minutes: readonly string[] }[] {
	const hoursOf = new Map<string, string[]>();
	for (const time of times) {
		const [hour, minute] = time.split(':') as [string, string];
		hoursOf.set(minute, [...(hoursOf.get(minute) ?? []), hour]);
	}
	const groups = new Map<string, { hours: string[]; minutes: string[] }>();
	for (const [minute, hours] of hoursOf) {
		const key = hours.join(',');
		const group = groups.get(key) ?? { hours, minutes: [] };
		group.minutes.push(minute);
		groups.set(key, group);
	}
	return [...groups.values()].map(({ hours, minutes }) => ({ hours, minutes: minutes.sort() }));
}

const ranks = { full: 2, diff: 1, inc: 0 } as const;

/** Times of day of a schedule, and who goes first at them. */
export interface TimesWithRivals {
	readonly times: readonly string[];
	/** Schedules that run instead where both are due at the same minute. */
	readonly first: readonly Schedule[];
}

/**
 * The times of day of a schedule, those apart at which others go first where both are due at the same minute: full before
 * differential before incremental, of one type the earlier in the list, as `runsAfter` has it. None for events.
 */
export function timesByRivals(schedule: Schedule, schedules: readonly Schedule[]): readonly TimesWithRivals[] {
	const rivals = schedules
		.filter((other) => other.enable && goesFirst(other, schedule, schedules))
		.map((other) => ({ other, times: new Set(timesOfDay(other.timing)) }));
	const groups = new Map<string, { times: string[]; first: Schedule[] }>();
	for (const time of timesOfDay(schedule.timing)) {
		const first = rivals.filter(({ times }) => times.has(time)).map(({ other }) => other);
		const key = first.map((other) => schedules.indexOf(other)).join(' ');
		const group = groups.get(key) ?? { times: [], first };
		group.times.push(time);
		groups.set(key, group);
	}
	return [...groups.values()].sort((a, b) => a.first.length - b.first.length);
}

function goesFirst(other: Schedule, schedule: Schedule, schedules: readonly Schedule[]): boolean {
	const more = ranks[other.backupType] - ranks[schedule.backupType];
	return more > 0 || (more === 0 && schedules.indexOf(other) < schedules.indexOf(schedule));
}
