import * as vscode from 'vscode';
import type { DefinitionFile } from '../../definitions/definition-file.ts';
import { removeTasksCommand } from '../../schedule/install-command.ts';
import { installedUnits, runs } from '../../schedule/installed-units.ts';
import { enabledSchedules } from '../../schedule/program.ts';
import type { Services } from '../../services.ts';
import { listOf, offerCommand, removeSchedules } from '../schedules/install-schedules.ts';

/** Deletes the file of a definition, and its installed schedules, after one question. What it has made stays. */
export async function deleteDefinition(services: Services, file: DefinitionFile): Promise<void> {
	const { definitions, ui } = services;
	const installed = (await installedUnits()).filter((unit) => runs(unit, file.path));
	const lines = [vscode.l10n.t('{0} cannot be brought back. The backups that were made with it stay.', file.path)];
	const scheduled = enabledSchedules(file.definition?.scheduling.schedules ?? []).length > 0;
	if (installed.length > 0) lines.push(vscode.l10n.t('Its installed schedules are removed too:'), listOf(installed));
	else if (scheduled) {
		lines.push(
			vscode.l10n.t('Lines in a crontab, and schedules on other computers, fail from then on: remove them there.'),
		);
	}
	const title = vscode.l10n.t('Delete the backup definition {0}?', file.name);
	if (!(await ui.confirm(title, lines.join('\n'), vscode.l10n.t('Delete')))) return;
	await vscode.workspace.fs.delete(vscode.Uri.file(file.path));
	definitions.refresh();
	await removeSchedules(services, installed);
	if (process.platform !== 'win32' || !scheduled) return;
	const text = vscode.l10n.t('Tasks of {0} that are registered are still in force.', file.name);
	void offerCommand(services, text, removeTasksCommand(file.path));
}
