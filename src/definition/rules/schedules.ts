import { english } from '../../base/l10n.ts';
import type { Schedule } from '../model.ts';
import { isKnownZone } from '../plan/calendar.ts';
import { rivals } from '../plan/collisions.ts';
import { describeTiming, describeType } from '../plan/describe.ts';
import { occurrences } from '../plan/occurrences.ts';
import type { Rule } from './rule.ts';

export const timeZone: Rule = ({ definition: { scheduling }, report }) => {
	if (scheduling.timeZone === undefined || isKnownZone(scheduling.timeZone)) return;
	const message = `Time zone ${scheduling.timeZone} is not known; use a name such as Europe/Berlin, America/New_York or UTC.`;
	report('time-zone', scheduling, 'time_zone', message);
};

export const incrementalWithoutFull: Rule = ({ definition, report }) => {
	const enabled = definition.scheduling.schedules.filter(({ enable }) => enable);
	if (enabled.length === 0 || enabled.some(({ backupType }) => backupType === 'full')) return;
	const { incrementalsForever, incrementalRetention } = definition.diskSpaceManagement;
	const onlyIncrementals = enabled.every(({ backupType }) => backupType === 'inc');
	if (onlyIncrementals && incrementalsForever && incrementalRetention?.enable === true) return;
	const message =
		'No full backup is scheduled, so one set grows for ever; add a schedule of type full, or create a synthetic full.';
	report('incremental-without-full', enabled[0]!, 'backup_type', message);
};

export const sameMinute: Rule = ({ definition: { scheduling }, facts, report }) => {
	const from = Math.floor((facts.now ?? 0) / 86_400_000);
	const enabled = scheduling.schedules.filter(({ enable }) => enable);
	for (const [index, winner] of rivals(enabled, from).entries()) {
		if (winner === undefined) continue;
		const message =
			`At times this is due at the same minute as “${describeType(winner.backupType, english)}: ${describeTiming(winner, english)}”, ` +
			'which then runs instead; give one of them another time if both are to run.';
		report('same-minute', enabled[index]!, undefined, message);
	}
};

export const neverRuns: Rule = ({ definition, facts, report }) => {
	const { schedules, timeZone: zone } = definition.scheduling;
	if (zone !== undefined && !isKnownZone(zone)) return;
	for (const schedule of schedules) {
		if (!schedule.enable || schedule.timing.kind === 'event') continue;
		const reason = why(schedule, facts.now, zone ?? facts.systemZone ?? 'UTC');
		if (reason !== undefined) report('never-runs', schedule, undefined, `This schedule never runs: ${reason}.`);
	}
};

function why(schedule: Schedule, now: number | undefined, zone: string): string | undefined {
	const { timing, startDate } = schedule;
	if (timing.kind === 'intradaily' && timing.until < timing.from) {
		return `until ${timing.until} is before from ${timing.from}; exchange them`;
	}
	if (timing.kind === 'once' && startDate !== undefined && timing.date < startDate) {
		return `its day is before its start date ${startDate}; change one of them`;
	}
	if (now !== undefined && occurrences(schedule, now, zone).next().done === true) {
		return timing.kind === 'once' ? 'its day is over; choose another one, or remove it' : 'no day fits it; change it';
	}
	return undefined;
}
