import * as vscode from 'vscode';
import { openPropertiesPage } from '../../editor/properties-page.ts';
import { openRestorePage } from '../../editor/restore-page.ts';
import { commands } from '../../ids.ts';
import type { Services } from '../../services.ts';
import type { BackupNode } from '../../views/backups-tree.ts';
import { chooseBackup, type BackupArgument, type ChosenBackup } from './choose-backup.ts';
import { deleteBackups } from './delete-backups.ts';
import { mergeBackups } from './merge-backups.ts';
import { mountBackup, serveBackup } from './offer-backup.ts';
import type { Actions } from '../register.ts';
import { makeRescueMedium } from './rescue-medium.ts';
import { verifyBackups } from './verify-backups.ts';

/** Commands on existing backups. Each takes a tree item, a path, or nothing: then it asks. */
export function backupCommands(services: Services) {
	const on =
		(action: (chosen: ChosenBackup) => Promise<unknown>) =>
		async (argument: BackupArgument, selected?: readonly BackupNode[]) => {
			for (const one of selected !== undefined && selected.length > 1 ? selected : [argument]) {
				const chosen = await chooseBackup(services, one);
				if (chosen !== undefined) await action(chosen);
			}
		};
	const onPath = (action: (path: string) => Thenable<unknown>) => async (argument: BackupArgument) => {
		const path = isFolder(argument) ? argument.folder : (await chooseBackup(services, argument))?.file.path;
		if (path !== undefined) await action(path);
	};
	return {
		[commands.verifyBackup]: (argument: BackupArgument, selected?: readonly BackupNode[]) =>
			verifyBackups(services, argument, selected),
		[commands.mergeBackups]: (argument: BackupArgument, selected?: readonly BackupNode[]) =>
			mergeBackups(services, argument, selected),
		[commands.deleteBackup]: (argument: BackupArgument, selected?: readonly BackupNode[]) =>
			deleteBackups(services, argument, selected),
		[commands.restoreBackup]: on(async (chosen) => openRestorePage(services, chosen)),
		[commands.showBackupProperties]: on(async (chosen) => openPropertiesPage(services, chosen)),
		[commands.compareBackup]: on((chosen) => compare(services, chosen)),
		[commands.serveBackup]: on((chosen) => serveBackup(services, chosen)),
		[commands.mountBackup]: on((chosen) => mountBackup(services, chosen)),
		[commands.revealBackup]: onPath((path) => vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(path))),
		[commands.copyBackupPath]: onPath((path) => vscode.env.clipboard.writeText(path)),
		[commands.makeRescueMedium]: () => makeRescueMedium(services),
		[commands.refreshBackups]: () => services.trees.backups.refresh(),
	} satisfies Actions;
}

function isFolder(argument: BackupArgument): argument is BackupNode & { kind: 'folder' } {
	return typeof argument === 'object' && 'kind' in argument && argument.kind === 'folder';
}

async function compare({ documents, ui }: Services, { file }: ChosenBackup): Promise<void> {
	if (file.parent === undefined) {
		void ui.tell('info', vscode.l10n.t('A full backup that begins its set has none before it to compare with.'));
		return;
	}
	const uri = documents.uri('compare', file.path, `${file.name}.md`);
	// What cannot be made fails here, not in the preview.
	await vscode.workspace.openTextDocument(uri);
	await vscode.commands.executeCommand('markdown.showPreview', uri);
}
