import { exitCodeOf, fromErrorRecord } from '../../base/errors.ts';
import type { DueKind, DueReport, DueSchedule } from '../../protocol/due.ts';
import { commonHelp, type Command } from '../command.ts';
import { definitionFiles } from '../definition-files.ts';
import { flagOf, invalid, secondsOf } from '../options/option-values.ts';
import { alignColumns } from '../output/table.ts';

export const dueCommand: Command = {
	name: 'due',
	summary: 'Tell whether the scheduled backups of definitions were made',
	help: `Usage: afterimage due DEFINITION|FOLDER… [options]

Tells of each schedule when it was last due, when a backup of its type or a greater one was last made, and since when
one is overdue: because its timer is not installed, the computer was off, the runs fail, or nothing starts any more.
Of a FOLDER, all definitions in it. Exit code 9 when something is overdue, for monitoring systems and cron.

It goes by the history of runs of this computer (afterimage runs): that of this user and of the system. What was due
before the definition was last written is not asked for. A run that is under way or waits is not overdue.

  --overdue              List only what is overdue: nothing is said when nothing is, so that cron sends no mail
  --grace TIME           How long after it is due, or after the start of the computer, a backup may not have begun
                         yet: 90s, 30m or 6h; 30m without it
${commonHelp}
`,
	options: { overdue: { type: 'boolean' }, grace: { type: 'string' } },
	async run(values, operands, { engine, output }) {
		if (operands.length === 0) throw invalid('Expected a DEFINITION or FOLDER, found none');
		const grace = secondsOf(values, 'grace');
		const files = operands.flatMap(definitionFiles);
		const { reports, failures } = await engine.due(files, grace === undefined ? undefined : grace * 1000);
		const onlyOverdue = flagOf(values, 'overdue');
		const shown = onlyOverdue ? reports.flatMap(overdueOf) : reports;
		const silent = shown.length === 0 && (onlyOverdue || failures.length > 0);
		output.result({ definitions: shown }, silent ? [] : dueLines(shown));
		for (const failure of failures) output.error(fromErrorRecord(failure));
		// A definition that cannot be read runs no more than one whose timer is gone.
		const [failure] = failures;
		if (failure !== undefined) return exitCodeOf(failure.code);
		return reports.some((report) => overdueOf(report).length > 0) ? exitCodeOf('overdue') : 0;
	},
};

function overdueOf(report: DueReport): DueReport[] {
	const schedules = report.schedules.filter(({ kind }) => kind === 'overdue');
	return schedules.length === 0 ? [] : [{ ...report, schedules }];
}

const typeNames = { full: 'Full', diff: 'Differential', inc: 'Incremental' } as const;

const kindWords: Readonly<Record<Exclude<DueKind, 'overdue'>, string>> = {
	disabled: 'disabled',
	event: 'waits for an event',
	ahead: 'not due yet',
	made: 'made',
	due: 'due',
	running: 'runs or waits',
	unknown: 'unknown: the history does not reach back',
};

function dueLines(reports: readonly DueReport[]): string[] {
	const rows = reports.flatMap((report) => report.schedules.map((schedule) => cells(report, schedule)));
	if (rows.length === 0) return ['No definition has a schedule'];
	const titles = ['Definition', 'Type', 'When', 'Last due', 'Last made', 'State'];
	const reasons = reports.flatMap(reasonLines);
	return [...alignColumns([titles, ...rows]), ...(reasons.length === 0 ? [] : ['', ...reasons])];
}

function cells({ name, zone }: DueReport, { type, when, kind, lastDue, lastMade, missedSince }: DueSchedule): string[] {
	const shown = (time: string | undefined) => (time === undefined ? '' : clock(time, zone));
	const state = kind === 'overdue' ? `overdue since ${shown(missedSince)}` : kindWords[kind];
	return [name, typeNames[type], when, shown(lastDue), shown(lastMade), state];
}

/** Why backups are overdue, as far as the history tells, and what to do. */
function reasonLines(report: DueReport): string[] {
	const { definition, lastRun, name, zone } = report;
	const missed = overdueOf(report).flatMap(({ schedules }) =>
		schedules.flatMap(({ missedSince }) => missedSince ?? []),
	);
	if (missed.length === 0) return [];
	const { started = '', outcome, summary = '', logPath } = lastRun ?? {};
	const hasRun = missed.some((since) => started >= since);
	if (hasRun && (outcome === 'failed' || outcome === 'cancelled')) {
		const log = logPath === undefined ? [] : [`  Log: ${logPath}`];
		return [`${name}: the run of ${clock(started, zone)} ${wordOf(outcome)}: ${summary}`, ...log];
	}
	return [
		`${name}: ${hasRun ? 'others were made since' : 'nothing has run since'}. Is its schedule installed (Install Schedules… in VS Code), and is its program there?`,
		`  Run it now: afterimage backup ${definition}`,
	];
}

function wordOf(outcome: 'failed' | 'cancelled'): string {
	return outcome === 'failed' ? 'failed' : 'was cancelled';
}

/** `2026-03-01 09:15`, by the clock of the definition. */
function clock(time: string, zone: string): string {
	return new Date(time).toLocaleString('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
}
