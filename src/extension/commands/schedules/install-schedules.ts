import * as vscode from 'vscode';
import type { BackupDefinition } from '../../../definition/model.ts';
import type { DefinitionFile } from '../../definitions/definition-file.ts';
import { rightsOfDefinition } from '../../rights/needed-rights.ts';
import { removeUnitsCommand } from '../../schedule/install-command.ts';
import { installedUnits, runs, withoutDefinition, type InstalledUnit } from '../../schedule/installed-units.ts';
import { networkDestination } from '../../schedule/network-destination.ts';
import { enabledSchedules } from '../../schedule/program.ts';
import { copyProgram, removeUnusedPrograms } from '../../schedule/program-copy.ts';
import { systemdUnits } from '../../schedule/systemd.ts';
import { changeUserTimers, hasUserSystemd, userCrontab } from '../../schedule/user-timers.ts';
import {
	scheduledBy,
	userProgramFolder,
	writeSchedules,
	type ScheduleRequest,
	type SchedulerKind,
} from '../../schedule/write-schedules.ts';
import type { Services } from '../../services.ts';
import { chooseScheduler } from './choose-scheduler.ts';
import { programOf } from './program-of.ts';

/**
 * Puts the schedules of a definition in force, or writes what a scheduler takes. What is installed of it and is no longer
 * wanted goes in the same step, and so does what runs definitions that are no longer there.
 */
export async function installSchedules(
	services: Services,
	file: DefinitionFile,
	definition: BackupDefinition,
): Promise<void> {
	const { ui } = services;
	const installed = await installedUnits();
	const own = installed.filter((unit) => runs(unit, file.path));
	if (enabledSchedules(definition.scheduling.schedules).length === 0) {
		if (own.length === 0) return void ui.tell('info', vscode.l10n.t('{0} has no schedule in force.', file.name));
		const title = vscode.l10n.t('{0} has no schedule in force. Remove those that are installed?', file.name);
		if (await ui.confirm(title, listOf(own), vscode.l10n.t('Remove'))) await removeSchedules(services, own);
		return;
	}
	const needsRoot = rightsOfDefinition(definition) === 'elevated';
	const choice = await chooseScheduler(services, file.name, needsRoot, await hasUserSystemd());
	if (choice === undefined) return;
	const { version } = services.context.extension.packageJSON as { version: string };
	const request = { definition, path: file.path, program: programOf(services), version, needsRoot };
	const gone = (await withoutDefinition(installed)).filter((unit) => !own.includes(unit));
	const done = choice.install
		? await installForUser(services, file.name, request, own, gone)
		: await writeFiles(services, file.name, choice.scheduler, request, own, gone);
	if (done) await removeDoubles(services, file.name, own, choice.scheduler === 'systemd-system' ? 'system' : 'user');
}

async function installForUser(
	services: Services,
	name: string,
	request: ScheduleRequest,
	own: readonly InstalledUnit[],
	gone: readonly InstalledUnit[],
): Promise<boolean> {
	const { ui } = services;
	const { scheduled, placed } = await scheduledBy(request, 'user');
	const units = systemdUnits(scheduled, 'user');
	const removed = unwanted(units, own, gone, 'user');
	if (!(await mayRemove(services, name, removed))) return false;
	await copyProgram(placed);
	await changeUserTimers(
		units,
		removed.map((unit) => unit.name),
	);
	const used = (await installedUnits()).flatMap(({ program }) => program);
	await removeUnusedPrograms(userProgramFolder(), [...used, await userCrontab()]);
	services.definitions.refresh();
	const text = vscode.l10n.t('Timers in force: {0}. See them with systemctl --user list-timers.', units.length / 2);
	void ui.tell('info', text);
	return true;
}

async function writeFiles(
	services: Services,
	name: string,
	scheduler: SchedulerKind,
	request: ScheduleRequest,
	own: readonly InstalledUnit[],
	gone: readonly InstalledUnit[],
): Promise<boolean> {
	const { ui } = services;
	const { scheduled } = await scheduledBy(request, 'system');
	const removed =
		scheduler === 'systemd-system' ? unwanted(systemdUnits(scheduled, 'system'), own, gone, 'system') : [];
	if (!(await mayRemove(services, name, removed))) return false;
	const [folder] = await ui.openDialog({
		title: vscode.l10n.t('Folder for the files'),
		openLabel: vscode.l10n.t('Write Here'),
		canSelectFiles: false,
		canSelectFolders: true,
	});
	if (folder === undefined) return false;
	const { files, command } = await writeSchedules(scheduler, folder.fsPath, request, removed);
	const [first] = files;
	if (first !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(first));
	const text = `${vscode.l10n.t('{0} files are written.', files.length)} ${nextStep(scheduler, request.definition)}`;
	void offerCommand(services, text, isFor(scheduler) ? command : undefined);
	return true;
}

/** Units that an installation takes away: what this definition had and has no more, and what runs none that is there. */
function unwanted(
	units: readonly { readonly name: string }[],
	own: readonly InstalledUnit[],
	gone: readonly InstalledUnit[],
	scope: InstalledUnit['scope'],
): readonly InstalledUnit[] {
	const wanted = new Set(units.map(({ name }) => name.replace(/\.\w+$/, '')));
	return [...own, ...gone].filter((unit) => unit.scope === scope && !wanted.has(unit.name));
}

async function mayRemove({ ui }: Services, name: string, removed: readonly InstalledUnit[]): Promise<boolean> {
	if (removed.length === 0) return true;
	const title = vscode.l10n.t('Install the schedules of {0}, and remove what is no longer wanted?', name);
	return ui.confirm(title, listOf(removed), vscode.l10n.t('Install and Remove'));
}

/** Units by name, with the definition where it is no longer there. */
export function listOf(units: readonly InstalledUnit[]): string {
	return units.map(({ name, definition }) => (definition === undefined ? name : `${name} (${definition})`)).join('\n');
}

/** Says when both the user's manager and the system's would run a definition, and takes the other away. */
async function removeDoubles(
	services: Services,
	name: string,
	own: readonly InstalledUnit[],
	scope: InstalledUnit['scope'],
): Promise<void> {
	const others = own.filter((unit) => unit.scope !== scope);
	if (others.length === 0) return;
	const remove = vscode.l10n.t('Remove');
	const text =
		scope === 'system'
			? vscode.l10n.t('Timers of yours run {0} too: it would run twice.', name)
			: vscode.l10n.t('Timers of the system run {0} too: it would run twice.', name);
	if ((await services.ui.tell('warning', text, remove)) === remove) await removeSchedules(services, others);
}

/** Takes the user's own timers away; for those of the system it gives the command, since that takes administrator rights. */
export async function removeSchedules(services: Services, units: readonly InstalledUnit[]): Promise<void> {
	const [own, system] = [
		units.filter(({ scope }) => scope === 'user'),
		units.filter(({ scope }) => scope === 'system'),
	];
	if (own.length > 0) {
		await changeUserTimers(
			[],
			own.map(({ name }) => name),
		);
		services.definitions.refresh();
		void services.ui.tell('info', vscode.l10n.t('Timers removed: {0}.', own.length));
	}
	if (system.length === 0) return;
	const text = vscode.l10n.t(
		'Timers of the system still in force: {0}. It takes administrator rights to remove them.',
		system.length,
	);
	void offerCommand(services, text, removeUnitsCommand(system));
}

/** Says what is to be done, and gives the command for it: only the user may give it the rights that it needs. */
export async function offerCommand({ ui }: Services, text: string, command: string | undefined): Promise<void> {
	if (command === undefined) return void ui.tell('info', text);
	const [copy, terminal] = [vscode.l10n.t('Copy Command'), vscode.l10n.t('Type It in a Terminal')];
	const answer = await ui.tell('info', text, terminal, copy);
	if (answer === copy) await vscode.env.clipboard.writeText(command);
	if (answer !== terminal) return;
	const shell = vscode.window.createTerminal({ name: 'Afterimage' });
	shell.show();
	// Enter is for who has read it.
	shell.sendText(command, false);
}

/** Whether this computer has such a scheduler. */
function isFor(scheduler: SchedulerKind): boolean {
	if (scheduler === 'windows') return process.platform === 'win32';
	return scheduler === 'cron' ? process.platform !== 'win32' : process.platform === 'linux';
}

function nextStep(kind: SchedulerKind, definition: BackupDefinition): string {
	switch (kind) {
		case 'systemd-system':
			return vscode.l10n.t(
				'They run nothing until root has run the script beside them, which copies the definition for root and takes away what was installed before.',
			);
		case 'systemd-user':
			return vscode.l10n.t(
				'They run nothing until they lie in ~/.config/systemd/user and systemctl --user has enabled their timers.',
			);
		case 'cron':
			return vscode.l10n.t('They run nothing until they are in the crontab.');
		case 'windows':
			return `${vscode.l10n.t('They run nothing until an administrator has registered them.')}${networkNote(definition)}`;
	}
}

function networkNote(definition: BackupDefinition): string {
	const network = networkDestination(definition);
	if (network === undefined) return '';
	const { folder, share } = network;
	const note =
		share === undefined
			? vscode.l10n.t('That asks for the password of your account, since tasks without it do not reach {0}.', folder)
			: vscode.l10n.t(
					'Tasks do not see {0}, which is on a drive of your own: name it by its share, {1}, in the definition first.',
					folder,
					share,
				);
	return ` ${note}`;
}
