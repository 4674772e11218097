import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { AfterimageError } from '../../base/errors.ts';
import type { BackupDefinition } from '../../definition/model.ts';
import type { DefinitionFile } from '../definitions/definition-file.ts';
import { isElectron } from '../engine/environment.ts';
import { commands } from '../ids.ts';
import { rightsOfDefinition } from '../rights/needed-rights.ts';
import { enabledSchedules, slugOf, type Program } from '../schedule/program.ts';
import { schtasksCommand, systemdCommand } from '../schedule/install-command.ts';
import { powerShellScript, shellScript } from '../schedule/scripts.ts';
import { runLink, shortcutFile } from '../schedule/shortcut.ts';
import { hasUserSystemd, installUserTimers, writeSchedules, type SchedulerKind } from '../schedule/write-schedules.ts';
import type { Services } from '../services.ts';
import { chooseDefinition, type DefinitionArgument } from './choose-definition.ts';
import type { Actions } from './register.ts';

/** Commands that take a definition out of VS Code: shortcuts, scripts, schedules of the system. */
export function scheduleCommands(services: Services) {
	const on =
		(action: (file: DefinitionFile, definition: BackupDefinition) => Promise<unknown>) =>
		async (argument: DefinitionArgument) => {
			const file = await chooseDefinition(services, argument);
			if (file === undefined) return undefined;
			if (file.definition === undefined || file.problem !== undefined) {
				throw new AfterimageError('invalid-definition', `${file.path}: ${file.problem ?? ''}`);
			}
			return action(file, file.definition);
		};
	return {
		[commands.createShortcut]: on((file) => createShortcut(services, file)),
		[commands.generateScript]: on((file) => generateScript(services, file)),
		[commands.scheduleDefinition]: on((file, definition) => scheduleDefinition(services, file, definition)),
	} satisfies Actions;
}

/** This VS Code's own runtime and the command line of this extension. */
export function programOf({ context }: Pick<Services, 'context'>): Program {
	return {
		runtime: process.execPath,
		electron: isElectron(),
		script: join(context.extensionPath, 'dist', 'afterimage.mjs'),
	};
}

async function createShortcut({ ui }: Services, file: DefinitionFile): Promise<void> {
	const link = runLink(vscode.env.uriScheme, { definition: file.path, type: 'auto' });
	const { extension, text, executable } = shortcutFile(process.platform, file.name, link);
	const desktop = join(homedir(), 'Desktop');
	const target = await ui.saveDialog({
		title: vscode.l10n.t('Shortcut for {0}', file.name),
		defaultUri: vscode.Uri.file(join(existsSync(desktop) ? desktop : homedir(), `${slugOf(file.name)}.${extension}`)),
		filters: { [vscode.l10n.t('Shortcut')]: [extension] },
	});
	if (target === undefined) return;
	await writeFile(target.fsPath, text);
	if (executable) await chmod(target.fsPath, 0o755);
	void ui.tell('info', vscode.l10n.t('{0} opens VS Code and offers to run {1}.', target.fsPath, file.name));
}

async function generateScript({ context, definitions, ui }: Services, file: DefinitionFile): Promise<void> {
	const shell = { label: vscode.l10n.t('Shell (sh)'), extension: 'sh', make: shellScript };
	const powerShell = { label: 'PowerShell', extension: 'ps1', make: powerShellScript };
	const kinds = process.platform === 'win32' ? [powerShell, shell] : [shell, powerShell];
	const kind = await ui.pick(kinds, { title: vscode.l10n.t('Script for {0}', file.name) });
	if (kind === undefined) return;
	const target = await ui.saveDialog({
		title: vscode.l10n.t('Script for {0}', file.name),
		defaultUri: vscode.Uri.file(join(definitions.folder, `${slugOf(file.name)}.${kind.extension}`)),
		filters: { [kind.label]: [kind.extension] },
	});
	if (target === undefined) return;
	await writeFile(target.fsPath, kind.make(file.name, file.path, programOf({ context })), { mode: 0o700 });
	await vscode.window.showTextDocument(target);
}

async function scheduleDefinition(
	services: Services,
	file: DefinitionFile,
	definition: BackupDefinition,
): Promise<void> {
	const { ui } = services;
	if (enabledSchedules(definition.scheduling.schedules).length === 0) {
		void ui.tell('info', vscode.l10n.t('{0} has no schedule in force.', file.name));
		return;
	}
	const needsRoot = rightsOfDefinition(definition) === 'elevated';
	const userSystemd = await hasUserSystemd();
	const choice = await ui.pick(schedulers(needsRoot, userSystemd), {
		title: vscode.l10n.t('Schedules of {0}', file.name),
		placeHolder: needsRoot ? vscode.l10n.t('It reads disks, so it must run as an administrator') : '',
	});
	if (choice === undefined) return;
	const program = programOf(services);
	if (choice.install) {
		const written = await installUserTimers(definition, file.path, program);
		void ui.tell(
			'info',
			vscode.l10n.t('{0} timers are in force; see them with systemctl --user list-timers.', written.length / 2),
		);
		return;
	}
	const [folder] = await ui.openDialog({
		title: vscode.l10n.t('Folder for the files'),
		openLabel: vscode.l10n.t('Write Here'),
		canSelectFiles: false,
		canSelectFolders: true,
	});
	if (folder === undefined) return;
	const written = await writeSchedules(choice.scheduler, folder.fsPath, definition, file.path, program);
	const [first] = written;
	if (first !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(first));
	void offerCommand(services, choice.scheduler, written);
}

/** Says what puts written files in force, and gives the command for it: only the user may give it the rights it needs. */
async function offerCommand({ ui }: Services, kind: SchedulerKind, written: readonly string[]): Promise<void> {
	const command = commandFor(kind, written);
	const text = `${vscode.l10n.t('{0} files are written.', written.length)} ${nextStep(kind)}`;
	if (command === undefined) return void ui.tell('info', text);
	const copy = vscode.l10n.t('Copy Command');
	if ((await ui.tell('info', text, copy)) === copy) await vscode.env.clipboard.writeText(command);
}

/** Undefined where this computer has no such scheduler, or none that takes files. */
function commandFor(kind: SchedulerKind, written: readonly string[]): string | undefined {
	if (kind === 'windows') return process.platform === 'win32' ? schtasksCommand(written) : undefined;
	if (kind === 'cron' || process.platform !== 'linux') return undefined;
	return systemdCommand(kind === 'systemd-user' ? 'user' : 'system', written);
}

interface SchedulerChoice extends vscode.QuickPickItem {
	readonly scheduler: SchedulerKind;
	readonly install: boolean;
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

function nextStep(kind: SchedulerKind): string {
	switch (kind) {
		case 'systemd-system':
			return vscode.l10n.t(
				'They run nothing until they lie in /etc/systemd/system and systemctl has enabled their timers.',
			);
		case 'systemd-user':
			return vscode.l10n.t(
				'They run nothing until they lie in ~/.config/systemd/user and systemctl --user has enabled their timers.',
			);
		case 'cron':
			return vscode.l10n.t('Add the lines with crontab -e.');
		case 'windows':
			return vscode.l10n.t('Register each with: schtasks /create /tn NAME /xml FILE');
	}
}
