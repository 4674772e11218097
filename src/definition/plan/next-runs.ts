import type { BackupDefinition } from '../model.ts';
import type { BackupType } from '../retention/types.ts';
import { occurrences } from './occurrences.ts';

export interface Run {
	/** Milliseconds since 1970. */
	readonly time: number;
	readonly backupType: BackupType;
	/** Index of the schedule in the definition. */
	readonly schedule: number;
	/** Indexes of schedules that are due at the same minute and give way. */
	readonly yielding: readonly number[];
}

/** A full has all that a differential would have, and that all that an incremental would have: the least is the greatest. */
export const rank: Readonly<Record<BackupType, number>> = { full: 0, diff: 1, inc: 2 };

/**
 * The runs that the enabled schedules ask for after `from`, without end. Of several at the same minute there is one:
 * full before differential before incremental.
 * @param systemZone zone of the computer, for definitions that name none
 * @throws AfterimageError `invalid-argument` when a zone is unknown
 */
export function* runsAfter(
	definition: Pick<BackupDefinition, 'scheduling'>,
	from: number,
	systemZone: string,
): Generator<Run> {
	const { schedules, timeZone } = definition.scheduling;
	const queue = schedules.flatMap((schedule, index) => {
		if (!schedule.enable) return [];
		const times = occurrences(schedule, from, timeZone ?? systemZone);
		return [{ index, backupType: schedule.backupType, times, next: times.next() }];
	});
	for (;;) {
		const due = queue.filter((one) => one.next.done !== true);
		if (due.length === 0) return;
		const time = Math.min(...due.map((one) => one.next.value as number));
		const now = due
			.filter((one) => one.next.value === time)
			.sort((a, b) => rank[a.backupType] - rank[b.backupType] || a.index - b.index);
		const [first, ...others] = now;
		yield {
			time,
			backupType: first!.backupType,
			schedule: first!.index,
			yielding: others.map(({ index }) => index),
		};
		for (const one of now) one.next = one.times.next();
	}
}

/** The next `count` runs after `from`; fewer when the schedules end. */
export function nextRuns(
	definition: Pick<BackupDefinition, 'scheduling'>,
	from: number,
	count: number,
	systemZone: string,
): Run[] {
	const runs: Run[] = [];
	if (count <= 0) return runs;
	for (const run of runsAfter(definition, from, systemZone)) {
		runs.push(run);
		if (runs.length >= count) break;
	}
	return runs;
}
