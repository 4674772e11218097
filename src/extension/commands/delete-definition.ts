import * as vscode from 'vscode';
import type { DefinitionFile } from '../definitions/definition-file.ts';
import { enabledSchedules } from '../schedule/program.ts';
import type { Services } from '../services.ts';

/** Deletes the file of a definition after one question. What it has made stays, and so does what a scheduler was given. */
export async function deleteDefinition({ definitions, ui }: Services, file: DefinitionFile): Promise<void> {
	const lines = [vscode.l10n.t('{0} cannot be brought back. The backups that were made with it stay.', file.path)];
	if (enabledSchedules(file.definition?.scheduling.schedules ?? []).length > 0) {
		lines.push(vscode.l10n.t('Schedules of it that are installed fail from then on: remove them from the scheduler.'));
	}
	const title = vscode.l10n.t('Delete the backup definition {0}?', file.name);
	if (!(await ui.confirm(title, lines.join('\n'), vscode.l10n.t('Delete')))) return;
	await vscode.workspace.fs.delete(vscode.Uri.file(file.path));
	definitions.refresh();
}
