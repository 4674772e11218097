import * as vscode from 'vscode';
import { localZone } from '../../base/local-zone.ts';
import type { Schedule } from '../../definition/model.ts';
import { describeTiming } from '../../definition/plan/describe.ts';
import { occurrences } from '../../definition/plan/occurrences.ts';
import type { DefinitionFile } from '../definitions/definition-file.ts';
import type { DueReport } from '../../protocol/due.ts';
import { contexts } from '../ids.ts';
import { dateAndTime } from '../l10n.ts';
import { scheduleState, type ScheduleState } from '../schedule/state.ts';
import { overdueSince, overdueTooltip } from './overdue.ts';
import { typeName } from './present.ts';

/**
 * A schedule beneath its definition: type, when it runs, and when next.
 * @param index within the definition, from 0
 * @param overdue what of the definition is
 */
export async function scheduleItem(
	file: DefinitionFile,
	index: number,
	schedule: Schedule,
	overdue: DueReport | undefined,
): Promise<vscode.TreeItem> {
	const item = new vscode.TreeItem(typeName(schedule.backupType));
	item.id = `${file.path}#${index}`;
	item.contextValue = contexts.schedule;
	item.iconPath = new vscode.ThemeIcon(schedule.enable ? 'calendar' : 'circle-slash');
	const words = describeTiming(schedule, vscode.l10n.t);
	const next = nextTime(file, schedule);
	if (!schedule.enable) item.description = vscode.l10n.t('{0} (disabled)', words);
	else if (next === undefined) item.description = words;
	else item.description = vscode.l10n.t('{0} · next {1}', words, next);
	// The view is seldom wide enough for it.
	const lines = [typeName(schedule.backupType), item.description];
	if (schedule.enable) {
		const state = await scheduleState(file.path, index + 1, schedule.backupType);
		lines.push(stateText(state));
		if (state.kind === 'broken' || state.kind === 'outdated') {
			item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
			item.description = stateText(state);
		}
	}
	const late = overdue?.schedules.filter(({ number }) => number === index + 1) ?? [];
	if (overdue !== undefined && late.length > 0) {
		item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
		item.description = `${overdueSince(late)} · ${item.description}`;
		item.tooltip = overdueTooltip(typeName(schedule.backupType), { ...overdue, schedules: late }, lines.slice(1));
	} else {
		item.tooltip = lines.join('\n');
	}
	item.accessibilityInformation = { label: `${typeName(schedule.backupType)}, ${item.description}` };
	return item;
}

function stateText(state: ScheduleState): string {
	switch (state.kind) {
		case 'none':
			return vscode.l10n.t('It runs by itself once the schedules are installed.');
		case 'hidden':
			return vscode.l10n.t(
				'Root has a copy of the definition: whether the crontab of root runs it, only root can see.',
			);
		case 'installed':
			if (state.scope === 'cron') return vscode.l10n.t('Installed: it runs from your crontab.');
			return state.scope === 'system'
				? vscode.l10n.t('Installed: root runs it.')
				: vscode.l10n.t('Installed: it runs while you are logged on.');
		case 'outdated':
			return vscode.l10n.t('Root runs the definition as it was before: install its schedules again.');
		case 'broken':
			return vscode.l10n.t('It does not start, {0} is gone: install the schedules again.', state.missing);
	}
}

function nextTime({ definition }: DefinitionFile, schedule: Schedule): string | undefined {
	const zone = definition?.scheduling.timeZone ?? localZone();
	const next = occurrences(schedule, Date.now(), zone).next();
	if (next.done === true) return undefined;
	return dateAndTime(next.value, zone);
}
