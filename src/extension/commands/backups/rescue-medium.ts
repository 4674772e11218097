import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Services } from '../../services.ts';
import { runInTerminal } from '../run-in-terminal.ts';

/** Makes an ISO image that starts a computer to restore it, at a place that is asked for, in a terminal that tells what it can do. */
export async function makeRescueMedium(services: Services): Promise<void> {
	const target = await services.ui.saveDialog({
		title: vscode.l10n.t('Make Rescue Medium'),
		saveLabel: vscode.l10n.t('Make'),
		defaultUri: vscode.Uri.joinPath(vscode.Uri.file(homedir()), 'afterimage-rescue.iso'),
		filters: { [vscode.l10n.t('ISO images')]: ['iso'] },
	});
	if (target === undefined) return;
	// The dialog has asked whether a file that is there may be replaced.
	await runInTerminal(services, vscode.l10n.t('Rescue medium'), ['rescue', '--to', target.fsPath, '--replace']);
}
