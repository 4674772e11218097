import * as vscode from 'vscode';
import { nameOf } from '../../browse/address.ts';
import { placeUri } from '../../browse/file-item.ts';
import type { FileNode } from '../../browse/file-node.ts';
import { commands, views } from '../../ids.ts';
import { dateAndTime } from '../../l10n.ts';
import type { Services } from '../../services.ts';
import { pointName } from '../../views/present.ts';
import { chooseBackup, type BackupArgument, type ChosenBackup } from '../backups/choose-backup.ts';
import { chosenPlaces, type FileArgument } from './chosen-files.ts';
import { compareWithDisk, compareWithPrevious } from './compare-files.ts';
import { extractFiles } from './extract-files.ts';
import type { Actions } from '../register.ts';

type Selected = readonly (FileNode | vscode.Uri)[];

/** Commands that browse a backup, and those on its files. */
export function browseCommands(services: Services) {
	const { trees } = services;
	const on = (action: (place: ReturnType<typeof chosenPlaces>[number]) => Promise<unknown>) => {
		return async (argument: FileArgument) => {
			const [place] = chosenPlaces(argument);
			if (place !== undefined) await action(place);
		};
	};
	return {
		[commands.browseBackup]: async (argument: BackupArgument) => {
			const chosen = await chooseBackup(services, argument);
			if (chosen !== undefined) await browse(services, chosen);
		},
		[commands.extractFiles]: (argument: FileArgument, selected?: Selected) =>
			extractFiles(services, chosenPlaces(argument, selected)),
		[commands.compareFileWithPrevious]: on((place) => compareWithPrevious(services, place)),
		[commands.compareFileWithDisk]: on((place) => compareWithDisk(services, place)),
		[commands.copyFilePath]: (argument: FileArgument, selected?: Selected) =>
			vscode.env.clipboard.writeText(
				chosenPlaces(argument, selected)
					.map(({ path }) => `/${path}`)
					.join('\n'),
			),
		[commands.openInWorkspace]: on((place) => openInWorkspace(services, placeUri(place))),
		[commands.refreshFiles]: () => trees.files.refresh(),
		[commands.closeFiles]: () => trees.files.close(),
	} satisfies Actions;
}

async function browse({ files, trees }: Services, { file }: ChosenBackup): Promise<void> {
	// Who asks anew for a backup wants to be asked for its password anew.
	(await files()).refresh();
	trees.files.browse({ image: file.path, title: `${pointName(file)} · ${dateAndTime(file.time)}` });
	await vscode.commands.executeCommand(`${views.files}.focus`);
}

/** Asks whether a folder of a backup is opened beside this workspace or in it. */
async function openInWorkspace({ trees, ui }: Services, uri: vscode.Uri): Promise<void> {
	const window = { label: vscode.l10n.t('Open in New Window') };
	const workspace = {
		label: vscode.l10n.t('Add to This Workspace'),
		description: vscode.l10n.t('VS Code may start its extensions anew for that'),
	};
	const answer = await ui.pick([window, workspace], { title: vscode.l10n.t('Open this folder of the backup') });
	if (answer === window) await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
	if (answer !== workspace) return;
	const name = [nameOf(uri.path), trees.files.browsed?.title].filter((part) => part !== undefined).join(' · ');
	vscode.workspace.updateWorkspaceFolders(vscode.workspace.workspaceFolders?.length ?? 0, 0, { uri, name });
}
