import type { RetentionNote } from './types.ts';

/** A time in which no backup was made, in milliseconds since 1970. */
export interface Pause {
	readonly from: number;
	readonly to: number;
}

/** 25 months: who makes one backup a year may have missed one, what is longer is rather a clock that was wrong. */
const longestPause = 761 * 24 * 3600 * 1000;

/**
 * Pauses of more than two years up to now. They are no part of the age of a backup: after a battery has died, or somebody has
 * typed a wrong year, dates lie decades apart, and a rule by age would take all that was made before.
 * @param times of all backups that there are; those ahead of now tell nothing
 */
export function pausesOf(times: readonly number[], now: number): Pause[] {
	const past = [...times.filter((time) => time <= now), now].sort((a, b) => a - b);
	return past.slice(1).flatMap((to, index): Pause[] => {
		const from = past[index]!;
		return to - from > longestPause ? [{ from, to }] : [];
	});
}

/** The time from which on a backup has aged, moved by the pauses that lie behind it. */
export function withoutPauses(time: number, pauses: readonly Pause[]): number {
	return pauses.reduce((sum, { from, to }) => (time <= from ? sum + (to - from) : sum), time);
}

/** Says that a backup of a set is kept for pauses alone, and why. */
export function pauseNote(setId: string, pauses: readonly Pause[]): RetentionNote {
	const spans = pauses.map(({ from, to }) => `from ${dayOf(from)} to ${dayOf(to)}`);
	return {
		setId,
		text:
			`No backup was made ${spans.join(' and ')}, as their dates and this machine's clock have it: rules by age do not count ` +
			'that time, since one of them may be wrong.',
	};
}

function dayOf(time: number): string {
	return new Date(time).toISOString().slice(0, 10);
}
