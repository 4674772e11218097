import {
	weekdays,
	type BackupDefinition,
	type Schedule,
	type Timing,
	type WeekOfMonth,
} from '../../definition/model.ts';
import { instantOf, parseDay } from '../../definition/plan/calendar.ts';
import { dateTests } from './date-tests.ts';
import { backupArguments, enabledSchedules, slugOf, type Program } from './program.ts';
import { hourMinuteGroups, outranking, timesOfDay } from './times.ts';

export interface UnitFile {
	readonly name: string;
	readonly text: string;
}

/**
 * A timer and a service for each schedule in force (systemd.timer(5), systemd.time(7)).
 * @param scope `user`: the user's own manager, which may not read devices; `system`: runs as root
 */
export function systemdUnits(
	definition: BackupDefinition,
	path: string,
	program: Program,
	scope: 'user' | 'system',
): readonly UnitFile[] {
	const { schedules } = definition.scheduling;
	const names = new Map(
		enabledSchedules(schedules).map(({ number, schedule }) => [
			schedule,
			`afterimage-${slugOf(definition.name)}-${number}-${schedule.backupType}`,
		]),
	);
	return [...names].flatMap(([schedule, name]) => {
		const first = outranking(schedule, schedules);
		return [
			{ name: `${name}.timer`, text: timerUnit(definition, schedule, scope) },
			{
				name: `${name}.service`,
				text: serviceUnit(
					definition,
					path,
					program,
					schedule,
					first,
					first.flatMap((other) => names.get(other) ?? []),
				),
			},
		];
	});
}

const typeWords = { full: 'Full', diff: 'Differential', inc: 'Incremental' } as const;

function timerUnit({ name, scheduling }: BackupDefinition, schedule: Schedule, scope: 'user' | 'system'): string {
	const lines = [
		'[Unit]',
		`Description=When: ${typeWords[schedule.backupType]} backup of ${oneLine(name)}`,
		'',
		'[Timer]',
	];
	lines.push(...calendarLines(schedule.timing, scheduling.timeZone, scope));
	if (schedule.timing.kind !== 'event') {
		lines.push('AccuracySec=1s', `Persistent=${scheduling.missedRuns === 'run_once'}`);
	}
	lines.push('', '[Install]', 'WantedBy=timers.target', '');
	return lines.join('\n');
}

function serviceUnit(
	{ name }: BackupDefinition,
	path: string,
	program: Program,
	schedule: Schedule,
	first: readonly Schedule[],
	firstNames: readonly string[],
): string {
	const lines = ['[Unit]', `Description=${typeWords[schedule.backupType]} backup of ${oneLine(name)}`];
	if (firstNames.length > 0) lines.push(`After=${firstNames.map((other) => `${other}.service`).join(' ')}`);
	lines.push('', '[Service]', 'Type=oneshot', 'Nice=10', 'IOSchedulingClass=idle');
	if (program.electron) lines.push('Environment=ELECTRON_RUN_AS_NODE=1');
	for (const test of beyondCalendar(schedule)) lines.push(condition(test));
	for (const other of first) lines.push(condition(`! { ${['true', ...dateTests(other)].join(' && ')}; }`));
	const words = [program.runtime, ...backupArguments(program, path, schedule.backupType)];
	lines.push(`ExecStart=${words.map(unitQuote).join(' ')}`, '');
	return lines.join('\n');
}

/** What a calendar expression cannot say: a first day, and intervals of several days, weeks or months. */
function beyondCalendar(schedule: Schedule): readonly string[] {
	const { timing, startDate } = schedule;
	if (timing.kind === 'event' || timing.kind === 'once') return [];
	const interval = timing.kind === 'intradaily' ? 1 : timing.interval;
	return startDate === undefined && interval === 1 ? [] : dateTests(schedule);
}

function calendarLines(timing: Timing, zone: string | undefined, scope: 'user' | 'system'): string[] {
	// A user's manager starts at the first log-on, the system's at boot.
	if (timing.kind === 'event') return [scope === 'user' ? 'OnStartupSec=1min' : 'OnBootSec=1min'];
	if (timing.kind === 'once' && zone !== undefined) {
		// Of a time that the zone's clock skips, systemd would never run; the plan runs as much later as is skipped.
		const instant = new Date(instantOf(parseDay(timing.date), timing.time, zone)).toISOString();
		return [`OnCalendar=${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`];
	}
	const suffix = zone === undefined ? '' : ` ${zone}`;
	return dayExpressions(timing).flatMap((days) =>
		hourMinuteGroups(timesOfDay(timing)).map(
			({ hours, minutes }) => `OnCalendar=${days} ${hours.join(',')}:${minutes.join(',')}:00${suffix}`,
		),
	);
}

function dayExpressions(timing: Exclude<Timing, { kind: 'event' }>): string[] {
	switch (timing.kind) {
		case 'once':
			return [timing.date];
		case 'daily':
			return ['*-*-*'];
		case 'weekly':
		case 'intradaily':
			return [timing.days.length === weekdays.length ? '*-*-*' : `${timing.days.map(dayName).join(',')} *-*-*`];
		case 'monthly':
			return monthDays(timing.day);
		case 'monthly_weekday':
			return [`${dayName(timing.weekday)} ${weekRange[timing.week]}`];
	}
}

/** In a month that has no such day, its last one: `~01` counts from the end of the month. */
function monthDays(day: number | 'last'): string[] {
	if (day === 'last' || day === 31) return ['*-*~01'];
	const date = `*-*-${String(day).padStart(2, '0')}`;
	return day <= 28 ? [date] : [date, '*-02~01'];
}

const weekRange: Readonly<Record<WeekOfMonth, string>> = {
	first: '*-*-01..07',
	second: '*-*-08..14',
	third: '*-*-15..21',
	fourth: '*-*-22..28',
	last: '*-*~07/1',
};

function dayName(day: string): string {
	return day[0]!.toUpperCase() + day.slice(1, 3);
}

function condition(test: string): string {
	return `ExecCondition=/bin/sh -c ${unitQuote(test)}`;
}

/** A word of a command line in a unit (systemd.service(5), COMMAND LINES): specifiers and variables are literal. */
function unitQuote(text: string): string {
	const literal = text.replaceAll('%', '%%').replaceAll('$', '$$$$');
	if (/^[\w@%+=:,./$-]+$/.test(literal)) return literal;
	return `"${literal.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').replaceAll('%', '%%');
}
