import { AfterimageError } from '../../base/errors.ts';
import { windowsArgument, withVariable } from '../../base/windows-command-line.ts';
import {
	weekdays,
	type BackupDefinition,
	type Schedule,
	type Timing,
	type WeekOfMonth,
} from '../../definition/model.ts';
import { enabledSchedules, identityOf, scheduledArguments, slugOf, type Program } from './program.ts';
import { minutesOf, timesOfDay } from './times.ts';

export interface TaskFile {
	readonly name: string;
	/** Task Scheduler XML 1.2, to be written as UTF-16 with a byte order mark. */
	readonly text: string;
}

/** How the Task Scheduler logs an account on that need not be logged on (logonType). */
export type TaskLogon = 'S4U' | 'Password';

/**
 * A task for each schedule in force, for `schtasks /create /xml`.
 * @throws AfterimageError `not-supported` for an interval that it does not know
 * @param user account that the tasks run as, with its highest rights
 * @param logon `S4U`: without a stored password, and without access to the network; `Password`: asked for when it is registered
 */
export function windowsTasks(
	definition: BackupDefinition,
	path: string,
	program: Program,
	user: string,
	logon: TaskLogon,
): readonly TaskFile[] {
	const { schedules } = definition.scheduling;
	return enabledSchedules(schedules).map(({ number, schedule }) => ({
		name: `Afterimage ${slugOf(definition.name)} ${identityOf(path)} ${number} ${schedule.backupType}.xml`,
		text: taskXml(definition, path, program, schedule, user, logon),
	}));
}

function taskXml(
	definition: BackupDefinition,
	path: string,
	program: Program,
	schedule: Schedule,
	user: string,
	logon: TaskLogon,
): string {
	const { scheduling } = definition;
	const call = scheduledArguments(program, path, schedule.backupType);
	// Electron behaves as Node only when a variable says so, which an action of a task cannot set by itself.
	const [command, args] = program.electron
		? ['%SystemRoot%\\System32\\cmd.exe', withVariable('ELECTRON_RUN_AS_NODE', '1', [program.runtime, ...call])]
		: [program.runtime, call.map(windowsArgument).join(' ')];
	return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>${xml(`Afterimage: ${definition.name}`)}</Description>
  </RegistrationInfo>
  <Triggers>
${triggers(schedule)
	.map((lines) => lines.map((line) => `    ${line}`).join('\n'))
	.join('\n')}
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xml(user)}</UserId>
      <LogonType>${logon}</LogonType>
      <RunLevel>HighestAvailable</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>${scheduling.missedRuns === 'run_once'}</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>7</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(command)}</Command>
      <Arguments>${xml(args)}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

/** Full before differential before incremental at the same minute: who begins first is made, and serves for the others. */
const secondOf = { full: '00', diff: '10', inc: '20' } as const;

function triggers(schedule: Schedule): string[][] {
	const { timing } = schedule;
	if (timing.kind === 'event') {
		const name = timing.trigger === 'startup' ? 'BootTrigger' : 'LogonTrigger';
		return [[`<${name}>`, '  <Delay>PT1M</Delay>', `</${name}>`]];
	}
	const day = timing.kind === 'once' ? timing.date : (schedule.startDate ?? '2020-01-06');
	const boundary = `  <StartBoundary>${day}T${timesOfDay(timing)[0]!}:${secondOf[schedule.backupType]}</StartBoundary>`;
	if (timing.kind === 'once') return [['<TimeTrigger>', boundary, '</TimeTrigger>']];
	return calendars(timing, schedule.startDate).map((calendar) => [
		'<CalendarTrigger>',
		boundary,
		...repetition(timing),
		...calendar.map((line) => `  ${line}`),
		'</CalendarTrigger>',
	]);
}

/** A minute longer than to the last run, which thereby is the last. */
function repetition(timing: Timing): string[] {
	if (timing.kind !== 'intradaily') return [];
	const runs = timesOfDay(timing).length;
	if (runs < 2) return [];
	const length = (runs - 1) * timing.minutes + 1;
	return [
		'  <Repetition>',
		`    <Interval>PT${timing.minutes}M</Interval>`,
		`    <Duration>PT${Math.min(length, 24 * 60 - minutesOf(timing.from))}M</Duration>`,
		'    <StopAtDurationEnd>false</StopAtDurationEnd>',
		'  </Repetition>',
	];
}

function calendars(timing: Exclude<Timing, { kind: 'event' | 'once' }>, startDate: string | undefined): string[][] {
	switch (timing.kind) {
		case 'daily':
			return [element('ScheduleByDay', [`<DaysInterval>${atMost(timing.interval, 365, 'days')}</DaysInterval>`])];
		case 'weekly':
			return [byWeek(timing.days, timing.interval)];
		case 'intradaily':
			return [byWeek(timing.days, 1)];
		case 'monthly':
			return byMonth(timing.day, monthsOf(timing.interval, startDate));
		case 'monthly_weekday':
			return [
				element('ScheduleByMonthDayOfWeek', [
					...element('Weeks', [`<Week>${weekNames[timing.week]}</Week>`]),
					...element('DaysOfWeek', [`<${capital(timing.weekday)} />`]),
					...monthsElement(monthsOf(timing.interval, startDate)),
				]),
			];
	}
}

/** The interval, within what the schema of tasks allows (dailyScheduleType, weeklyScheduleType). */
function atMost(interval: number, most: number, unit: string): number {
	if (interval <= most) return interval;
	throw new AfterimageError('not-supported', `The Task Scheduler of Windows cannot run every ${interval} ${unit}`, {
		advice: `Choose an interval of at most ${most} ${unit}`,
	});
}

const weekNames: Readonly<Record<WeekOfMonth, string>> = {
	first: '1',
	second: '2',
	third: '3',
	fourth: '4',
	last: 'Last',
};

function byWeek(days: readonly string[], interval: number): string[] {
	const inOrder = weekdays.filter((day) => days.includes(day)).map((day) => `<${capital(day)} />`);
	const every = atMost(interval, 52, 'weeks');
	return element('ScheduleByWeek', [`<WeeksInterval>${every}</WeeksInterval>`, ...element('DaysOfWeek', inOrder)]);
}

/** In a month that has no such day, its last one: of February alone for the 29th and 30th. */
function byMonth(day: number | 'last', months: readonly string[]): string[][] {
	const on = (name: string, which: readonly string[]) =>
		element('ScheduleByMonth', [...element('DaysOfMonth', [`<Day>${name}</Day>`]), ...monthsElement(which)]);
	if (day === 'last' || day === 31) return [on('Last', months)];
	if (day <= 28) return [on(String(day), months)];
	const others = months.filter((month) => month !== 'February');
	return [
		...(others.length > 0 ? [on(String(day), others)] : []),
		...(months.includes('February') ? [on('Last', ['February'])] : []),
	];
}

const monthNames = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];

/** Months of the year that an interval hits, counted from the start date; the task scheduler knows no other intervals. */
function monthsOf(interval: number, startDate: string | undefined): readonly string[] {
	if (12 % interval !== 0) {
		throw new AfterimageError('not-supported', `The Task Scheduler of Windows cannot run every ${interval} months`, {
			advice: 'Choose an interval of 1, 2, 3, 4, 6 or 12 months',
		});
	}
	const first = startDate === undefined ? 0 : Number(startDate.slice(5, 7)) - 1;
	return monthNames.filter((_, month) => ((month - first + 12) % 12) % interval === 0);
}

function monthsElement(months: readonly string[]): string[] {
	return element(
		'Months',
		months.map((month) => `<${month} />`),
	);
}

function element(name: string, children: readonly string[]): string[] {
	return [`<${name}>`, ...children.map((line) => `  ${line}`), `</${name}>`];
}

function capital(text: string): string {
	return text[0]!.toUpperCase() + text.slice(1);
}

function xml(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
