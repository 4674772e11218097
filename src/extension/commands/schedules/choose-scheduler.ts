import * as vscode from 'vscode';
import type { SchedulerKind } from '../../schedule/write-schedules.ts';
import type { Services } from '../../services.ts';

export interface SchedulerChoice extends vscode.QuickPickItem {
	readonly scheduler: SchedulerKind;
	/** Put in force at once, not written to files. */
	readonly install: boolean;
}

/** Asks which scheduler is to run a definition. @param userSystemd whether the user's own manager of systemd answers */
export function chooseScheduler(
	{ ui }: Services,
	name: string,
	needsRoot: boolean,
	userSystemd: boolean,
): Promise<SchedulerChoice | undefined> {
	return ui.pick(schedulers(needsRoot, userSystemd), {
		title: vscode.l10n.t('Schedules of {0}', name),
		placeHolder: needsRoot ? vscode.l10n.t('It reads disks, so it must run as an administrator') : '',
	});
}

/** What this system has first; files for the others, since a definition may be meant for another computer. */
function schedulers(needsRoot: boolean, userSystemd: boolean): readonly SchedulerChoice[] {
	const install: SchedulerChoice = {
		scheduler: 'systemd-user',
		install: true,
		label: vscode.l10n.t('Install timers for me (systemd)'),
		detail: vscode.l10n.t('In force at once, without administrator rights, while you are logged on'),
	};
	const files: SchedulerChoice[] = [
		{
			scheduler: 'systemd-system',
			install: false,
			label: vscode.l10n.t('Files of systemd timers for the system'),
			detail: vscode.l10n.t('Run as root, whether or not anybody is logged on'),
		},
		{
			scheduler: 'systemd-user',
			install: false,
			label: vscode.l10n.t('Files of systemd timers for a user'),
			detail: userSystemd ? '' : vscode.l10n.t('No systemd of yours answers here, so they cannot be installed'),
		},
		{ scheduler: 'cron', install: false, label: vscode.l10n.t('Lines for a crontab') },
		{
			scheduler: 'windows',
			install: false,
			label: vscode.l10n.t('Tasks for the Task Scheduler of Windows'),
		},
	];
	if (process.platform === 'win32') files.unshift(files.pop()!);
	return userSystemd && !needsRoot ? [install, ...files] : files;
}
