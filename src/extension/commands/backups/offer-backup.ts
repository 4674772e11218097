import * as vscode from 'vscode';
import type { Services } from '../../services.ts';
import type { ChosenBackup } from './choose-backup.ts';
import { runInTerminal } from '../run-in-terminal.ts';

/**
 * Offers the disks of a backup as network block devices until its terminal is closed or Ctrl+C is pressed there. It is the
 * command line that does it: a password is typed into the terminal, and stands in no argument.
 */
export async function serveBackup(services: Services, { file }: ChosenBackup): Promise<void> {
	await runInTerminal(services, vscode.l10n.t('Virtual disk of {0}', file.name), ['serve', file.path]);
}

/** Shows a backup as a folder that is asked for, as long as {@link serveBackup} does. */
export async function mountBackup(services: Services, { file }: ChosenBackup): Promise<void> {
	const [folder] = await services.ui.openDialog({
		title: vscode.l10n.t('Mount {0} at which empty folder?', file.name),
		openLabel: vscode.l10n.t('Mount'),
		canSelectFiles: false,
		canSelectFolders: true,
	});
	if (folder === undefined) return;
	await runInTerminal(services, vscode.l10n.t('Folder of {0}', file.name), ['mount', file.path, folder.fsPath]);
}
