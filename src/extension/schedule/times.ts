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

/** Schedules that go first where both are due at the same minute: full before differential before incremental. */
export function outranking(schedule: Schedule, others: readonly Schedule[]): readonly Schedule[] {
	const times = new Set(timesOfDay(schedule.timing));
	return others.filter(
		(other) =>
			other.enable &&
			ranks[other.backupType] > ranks[schedule.backupType] &&
			timesOfDay(other.timing).some((time) => times.has(time)),
	);
}
