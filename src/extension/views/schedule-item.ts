import * as vscode from 'vscode';
import { localZone } from '../../base/local-zone.ts';
import type { Schedule } from '../../definition/model.ts';
import { describeTiming } from '../../definition/plan/describe.ts';
import { occurrences } from '../../definition/plan/occurrences.ts';
import type { DefinitionFile } from '../definitions/definition-file.ts';
import { contexts } from '../ids.ts';
import { dateAndTime } from '../l10n.ts';
import { typeName } from './present.ts';

/** A schedule beneath its definition: type, when it runs, and when next. @param index within the definition, from 0 */
export function scheduleItem(file: DefinitionFile, index: number, schedule: Schedule): vscode.TreeItem {
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
	if (schedule.enable) lines.push(vscode.l10n.t('It runs by itself once the schedules are installed.'));
	item.tooltip = lines.join('\n');
	item.accessibilityInformation = { label: `${typeName(schedule.backupType)}, ${item.description}` };
	return item;
}

function nextTime({ definition }: DefinitionFile, schedule: Schedule): string | undefined {
	const zone = definition?.scheduling.timeZone ?? localZone();
	const next = occurrences(schedule, Date.now(), zone).next();
	if (next.done === true) return undefined;
	return dateAndTime(next.value, zone);
}
