import * as vscode from 'vscode';
import type { DueReport, DueSchedule } from '../../protocol/due.ts';
import { commands } from '../ids.ts';
import { dateAndTime, shortDate, timeOfDay } from '../l10n.ts';
import { escapeMarkdown } from './markdown.ts';
import { outcomeWord, typeName } from './present.ts';

/** Texts about scheduled backups that were not made. */

const runCommands = { full: commands.runFull, diff: commands.runDifferential, inc: commands.runIncremental } as const;

/** `overdue since 7 Mar 2026`, or the time of day: a side bar is narrow. */
export function overdueSince(schedules: readonly DueSchedule[]): string {
	const since = missedSince(schedules);
	const lately = Date.now() - Date.parse(since) < 86_400_000;
	return vscode.l10n.t('overdue since {0}', lately ? timeOfDay(since).slice(0, 5) : shortDate(since));
}

/** What is overdue, why as far as it is known, and what to do: a line each. */
export function overdueLines({ lastRun, schedules, zone }: DueReport): string[] {
	const missed = schedules.map(({ type, missedSince: since }) =>
		vscode.l10n.t('{0}: no backup since it was due on {1}.', typeName(type), dateAndTime(since ?? '', zone)),
	);
	if (lastRun !== undefined && lastRun.started >= missedSince(schedules)) {
		const { outcome, started, summary } = lastRun;
		const succeeded = outcome === 'success' || outcome === 'warning';
		return [
			...missed,
			succeeded
				? vscode.l10n.t('Others were made since: perhaps this schedule is not installed.')
				: vscode.l10n.t('The run of {0}: {1}. {2}', dateAndTime(started, zone), outcomeWord(outcome), summary),
		];
	}
	return [
		...missed,
		vscode.l10n.t('Nothing has run since: the schedules may not be installed, or the computer was off.'),
	];
}

/** The same as a tooltip with what can be done, above what else there is to say. */
export function overdueTooltip(title: string, report: DueReport, lines: readonly string[]): vscode.MarkdownString {
	const { definition, schedules } = report;
	const type = (['full', 'diff'] as const).find((one) => schedules.some((schedule) => schedule.type === one)) ?? 'inc';
	const run = runCommands[type];
	const link = (text: string, command: string) =>
		`[${escapeMarkdown(text)}](command:${command}?${encodeURIComponent(JSON.stringify([definition]))})`;
	const actions = [
		link(vscode.l10n.t('Run Now: {0}', typeName(type)), run),
		link(vscode.l10n.t('Install Schedules…'), commands.scheduleDefinition),
	];
	const tooltip = new vscode.MarkdownString(
		[
			`**${escapeMarkdown(title)}**`,
			overdueLines(report).map(escapeMarkdown).join('  \n'),
			actions.join(' · '),
			lines.map(escapeMarkdown).join('  \n'),
		].join('\n\n'),
	);
	tooltip.isTrusted = { enabledCommands: [run, commands.scheduleDefinition] };
	return tooltip;
}

/** Number of definitions with something overdue, on the icon of the views. */
export function overdueBadge(count: number): vscode.ViewBadge | undefined {
	return count === 0 ? undefined : { value: count, tooltip: vscode.l10n.t('Overdue backups: {0}', count) };
}

function missedSince(schedules: readonly DueSchedule[]): string {
	return schedules.flatMap(({ missedSince: since }) => since ?? []).reduce((a, b) => (a < b ? a : b));
}
