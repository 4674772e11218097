import { weekdays, type Schedule, type Timing, type Weekday } from '../../../src/definition/model.ts';
import type { BackupType } from '../../../src/definition/retention/types.ts';
import { t } from '../../shared/l10n.ts';

export type TimingKind = Timing['kind'];

export const timingKinds: readonly { readonly value: TimingKind; readonly text: string }[] = [
	{ value: 'once', text: t('Once') },
	{ value: 'daily', text: t('Daily') },
	{ value: 'weekly', text: t('Weekly') },
	{ value: 'monthly', text: t('Monthly, on a day') },
	{ value: 'monthly_weekday', text: t('Monthly, on a weekday') },
	{ value: 'intradaily', text: t('Intra-daily') },
	{ value: 'event', text: t('At startup or log-on') },
];

/** What the dialog for a new schedule begins with. */
export function newSchedule(backupType: BackupType, today: string): Schedule {
	const kind = backupType === 'full' ? 'monthly_weekday' : 'weekly';
	return { backupType, enable: true, startDate: undefined, timing: timingOf(kind, undefined, today) };
}

const workdays: readonly Weekday[] = weekdays.slice(0, 5);

/** A timing of another kind that keeps the time of day, the days and the interval where the kinds share them. */
export function timingOf(kind: TimingKind, old: Timing | undefined, today: string): Timing {
	const time = old !== undefined && 'time' in old ? old.time : '09:00';
	const interval = old !== undefined && 'interval' in old ? old.interval : 1;
	const days = old !== undefined && 'days' in old ? old.days : undefined;
	switch (kind) {
		case 'once':
			return { kind, date: today, time };
		case 'daily':
			return { kind, time, interval };
		case 'weekly':
			return { kind, days: days ?? ['monday'], time, interval };
		case 'monthly':
			return { kind, day: 1, time, interval };
		case 'monthly_weekday':
			return { kind, week: 'first', weekday: 'monday', time, interval };
		case 'intradaily':
			return { kind, minutes: 15, from: '09:00', until: '17:00', days: days ?? workdays };
		case 'event':
			return { kind, trigger: 'startup' };
	}
}

/** Why a schedule cannot be taken over as it stands; undefined when it can. */
export function scheduleProblem({ timing }: Schedule): string | undefined {
	if ('days' in timing && timing.days.length === 0) return t('Choose at least one day.');
	if ('time' in timing && !isTime(timing.time)) return t('Enter a time of day.');
	if (timing.kind === 'once' && !/^\d{4}-\d{2}-\d{2}$/.test(timing.date)) return t('Enter the day.');
	if (timing.kind === 'intradaily') {
		if (!isTime(timing.from) || !isTime(timing.until)) return t('Enter both times of day.');
		if (timing.until < timing.from) return t('The last time of day lies before the first.');
	}
	return undefined;
}

/** The days in the order of the week, with `day` in it or not. */
export function withDay(days: readonly Weekday[], day: Weekday, on: boolean): readonly Weekday[] {
	return weekdays.filter((one) => (one === day ? on : days.includes(one)));
}

function isTime(text: string): boolean {
	return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}
