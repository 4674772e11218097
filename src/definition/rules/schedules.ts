import type { Wording } from '../../base/l10n.ts';
import type { Schedule } from '../model.ts';
import { isKnownZone } from '../plan/calendar.ts';
import { rivals } from '../plan/collisions.ts';
import { describeTiming, describeType } from '../plan/describe.ts';
import { occurrences } from '../plan/occurrences.ts';
import type { Rule } from './rule.ts';

export const timeZone: Rule = ({ definition: { scheduling }, report }) => {
	if (scheduling.timeZone === undefined || isKnownZone(scheduling.timeZone)) return;
	const { timeZone: zone } = scheduling;
	report('time-zone', scheduling, 'time_zone', (t) =>
		t('Time zone {0} is not known; use a name such as Europe/Berlin, America/New_York or UTC.', zone),
	);
};

export const incrementalWithoutFull: Rule = ({ definition, report }) => {
	const enabled = definition.scheduling.schedules.filter(({ enable }) => enable);
	if (enabled.length === 0 || enabled.some(({ backupType }) => backupType === 'full')) return;
	const { incrementalsForever, incrementalRetention } = definition.diskSpaceManagement;
	const onlyIncrementals = enabled.every(({ backupType }) => backupType === 'inc');
	if (onlyIncrementals && incrementalsForever && incrementalRetention?.enable === true) return;
	report('incremental-without-full', enabled[0]!, 'backup_type', (t) =>
		t(
			'No full backup is scheduled, so one set grows for ever; add a schedule of type full, or create a synthetic full.',
		),
	);
};

export const sameMinute: Rule = ({ definition: { scheduling }, facts, report }) => {
	const from = Math.floor((facts.now ?? 0) / 86_400_000);
	const enabled = scheduling.schedules.filter(({ enable }) => enable);
	for (const [index, winner] of rivals(enabled, from).entries()) {
		if (winner === undefined) continue;
		report('same-minute', enabled[index]!, undefined, (t) =>
			t(
				'At times this is due at the same minute as “{0}: {1}”, which then runs instead; give one of them another time if both are to run.',
				describeType(winner.backupType, t),
				describeTiming(winner, t),
			),
		);
	}
};

export const neverRuns: Rule = ({ definition, facts, report }) => {
	const { schedules, timeZone: zone } = definition.scheduling;
	if (zone !== undefined && !isKnownZone(zone)) return;
	for (const schedule of schedules) {
		if (!schedule.enable || schedule.timing.kind === 'event') continue;
		const wording = why(schedule, facts.now, zone ?? facts.systemZone ?? 'UTC');
		if (wording !== undefined) report('never-runs', schedule, undefined, wording);
	}
};

function why(schedule: Schedule, now: number | undefined, zone: string): Wording | undefined {
	const { timing, startDate } = schedule;
	if (timing.kind === 'intradaily' && timing.until < timing.from) {
		const { from, until } = timing;
		return (t) => t('This schedule never runs: until {0} is before from {1}; exchange them.', until, from);
	}
	if (timing.kind === 'once' && startDate !== undefined && timing.date < startDate) {
		return (t) => t('This schedule never runs: its day is before its start date {0}; change one of them.', startDate);
	}
	if (now !== undefined && occurrences(schedule, now, zone).next().done === true) {
		return (t) =>
			timing.kind === 'once'
				? t('This schedule never runs: its day is over; choose another one, or remove it.')
				: t('This schedule never runs: no day fits it; change it.');
	}
	return undefined;
}
