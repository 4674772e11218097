import { createHash } from 'node:crypto';
import type { BackupDefinition, Schedule, Timing } from '../../definition/model.ts';
import { dayAt } from '../../definition/plan/calendar.ts';
import { localZone } from '../../base/local-zone.ts';
import { calendarOf } from './calendar-lines.ts';
import { allHold, dateTests } from './date-tests.ts';
import { enabledSchedules, scheduledArguments, scheduledName, type Program } from './program.ts';
import { timesByRivals, type TimesWithRivals } from './times.ts';

export interface UnitFile {
	readonly name: string;
	readonly text: string;
}

/** `user`: the user's own manager, which may not read devices; `system`: runs as root. */
export type UnitScope = 'user' | 'system';

/** What is scheduled. */
export interface Scheduled {
	readonly definition: BackupDefinition;
	/** Where the person keeps the definition. */
	readonly path: string;
	/** What is run: that file, or root's copy of it. */
	readonly run: string;
	/** Of the file as it is now ({@link digestOf}). */
	readonly digest: string;
	readonly program: Program;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** What tells one state of a definition from another: 16 hexadecimal digits of its bytes. */
export function digestOf(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/** Section of a service that systemd passes over (systemd.unit(5)) and `readInstalledUnits` reads. */
export const markSection = 'X-Afterimage';

/**
 * A timer and a service for each schedule in force (systemd.timer(5), systemd.time(7)); two of each where others go first
 * at some of its times.
 */
export function systemdUnits(scheduled: Scheduled, scope: UnitScope): readonly UnitFile[] {
	const { definition, path } = scheduled;
	const { schedules } = definition.scheduling;
	const base = `afterimage-${scheduledName(definition.name, path)}`;
	return enabledSchedules(schedules).flatMap(({ number, schedule }) => {
		const groups = timesByRivals(schedule, schedules);
		const parts: readonly TimesWithRivals[] = groups.length === 0 ? [{ times: [], first: [] }] : groups;
		return parts.flatMap((part, index) => {
			const name = `${base}-${number}-${schedule.backupType}${index === 0 ? '' : `-${index + 1}`}`;
			const { lines, testedFrom } = when(scheduled, schedule, part.times, scope);
			return [
				{ name: `${name}.timer`, text: timerUnit(scheduled, schedule, lines) },
				{ name: `${name}.service`, text: serviceUnit(scheduled, schedule, part.first, testedFrom, scope) },
			];
		});
	});
}

/** Whether a timer waits for the start of the system or of the user's manager: to start it then runs its service at once. */
export function isForStart({ text }: UnitFile): boolean {
	return /^On(Boot|Startup)Sec=/m.test(text);
}

const typeWords = { full: 'Full', diff: 'Differential', inc: 'Incremental' } as const;

function when(
	{ definition, now }: Scheduled,
	schedule: Schedule,
	times: readonly string[],
	scope: UnitScope,
): { lines: readonly string[]; testedFrom: number | undefined } {
	if (!hasTime(schedule)) {
		// A user's manager starts at the first log-on, the system's at boot.
		return { lines: [scope === 'user' ? 'OnStartupSec=1min' : 'OnBootSec=1min'], testedFrom: undefined };
	}
	const { timeZone, missedRuns } = definition.scheduling;
	const today = dayAt(now, timeZone ?? localZone());
	const { expressions, testedFrom } = calendarOf(schedule, times, timeZone, today);
	const lines = expressions.map((expression) => `OnCalendar=${expression}`);
	return { lines: [...lines, 'AccuracySec=1s', `Persistent=${missedRuns === 'run_once'}`], testedFrom };
}

function hasTime(schedule: Schedule): schedule is Schedule & { timing: Exclude<Timing, { kind: 'event' }> } {
	return schedule.timing.kind !== 'event';
}

function timerUnit({ definition }: Scheduled, { backupType }: Schedule, when: readonly string[]): string {
	return [
		'[Unit]',
		`Description=When: ${typeWords[backupType]} backup of ${oneLine(definition.name)}`,
		'',
		'[Timer]',
		...when,
		'',
		'[Install]',
		'WantedBy=timers.target',
		'',
	].join('\n');
}

function serviceUnit(
	{ definition, path, run, digest, program }: Scheduled,
	schedule: Schedule,
	first: readonly Schedule[],
	testedFrom: number | undefined,
	scope: UnitScope,
): string {
	const { timeZone } = definition.scheduling;
	const lines = ['[Unit]', `Description=${typeWords[schedule.backupType]} backup of ${oneLine(definition.name)}`];
	// What was missed is caught up on as soon as the computer is on: folders of other computers and mail are there later.
	if (scope === 'system') lines.push('Wants=network-online.target', 'After=network-online.target remote-fs.target');
	lines.push('', '[Service]', 'Type=oneshot', 'SyslogIdentifier=afterimage', 'Nice=10', 'IOSchedulingClass=idle');
	if (program.electron) lines.push('Environment=ELECTRON_RUN_AS_NODE=1');
	const tests = dateTests(schedule);
	const begun = schedule.startDate === undefined ? [] : tests.slice(0, 1);
	if (testedFrom !== undefined)
		lines.push(condition(`[ "$(date +%Y)" -lt ${testedFrom} ] || ${allHold(tests, timeZone)}`));
	else if (begun.length > 0) lines.push(condition(allHold(begun, timeZone)));
	for (const other of first) lines.push(condition(`! ${allHold(['true', ...dateTests(other)], timeZone)}`));
	const words = [program.runtime, ...scheduledArguments(program, run, schedule.backupType)];
	lines.push(`ExecStart=${words.map(unitQuote).join(' ')}`);
	const mark = { Definition: path, Digest: digest, Runtime: program.runtime, Script: program.script };
	lines.push(
		'',
		`[${markSection}]`,
		...Object.entries(mark).map(([key, value]) => `${key}=${JSON.stringify(value)}`),
		'',
	);
	return lines.join('\n');
}

function condition(test: string): string {
	return `ExecCondition=/bin/sh -c ${unitQuote(test)}`;
}

/** A word of a command line in a unit (systemd.service(5), COMMAND LINES): specifiers and variables are literal. */
export function unitQuote(text: string): string {
	const literal = text.replaceAll('%', '%%').replaceAll('$', '$$$$');
	if (/^[\w@%+=:,./$-]+$/.test(literal)) return literal;
	return `"${literal.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').replaceAll('%', '%%');
}
