import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Services } from '../../services.ts';
import type { ChosenBackup } from './choose-backup.ts';
import { programOf } from '../schedules/program-of.ts';

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

/** As a task: its arguments are words, whatever the shell, and its terminal stays when it fails. */
async function runInTerminal(services: Services, name: string, args: readonly string[]): Promise<void> {
	if (!vscode.workspace.isTrusted) return services.runner.refuseRestricted();
	const { runtime, script, electron } = programOf(services);
	const execution = new vscode.ProcessExecution(runtime, [script, ...args], {
		// Without it VS Code takes that of the workspace, and starts nothing where there is none.
		cwd: homedir(),
		...(electron ? { env: { ELECTRON_RUN_AS_NODE: '1' } } : {}),
	});
	const task = new vscode.Task({ type: 'process' }, vscode.TaskScope.Workspace, name, 'Afterimage', execution);
	task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.New, focus: true };
	await vscode.tasks.executeTask(task);
}
