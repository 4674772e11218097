import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../ids.ts';
import type { Services } from '../../services.ts';
import { backupFolders, folderSetting, setFolderSetting, withoutEndSlash } from '../../views/backup-folders.ts';
import type { BackupNode } from '../../views/backups-tree.ts';
import type { Actions } from '../register.ts';

/** Commands on the folders that the view Existing Backups shows. */
export function backupFolderCommands(services: Services) {
	return {
		[commands.addBackupFolder]: (uri?: vscode.Uri) => addBackupFolder(services, uri),
		[commands.removeBackupFolder]: (node: BackupNode) => removeBackupFolder(services, node),
	} satisfies Actions;
}

async function addBackupFolder({ ui }: Services, uri: vscode.Uri | undefined): Promise<void> {
	const chosen =
		uri !== undefined
			? [uri]
			: await ui.openDialog({
					title: vscode.l10n.t('Show the backups of a folder'),
					openLabel: vscode.l10n.t('Add'),
					canSelectFiles: false,
					canSelectFolders: true,
					canSelectMany: true,
				});
	await showFolders(chosen.map(({ fsPath }) => fsPath));
}

/** Adds folders to the view; of an image file, the folder it is in. */
export async function showFolders(paths: readonly string[]): Promise<void> {
	const folders = paths.map((path) => withoutEndSlash(statSync(path).isDirectory() ? path : dirname(path)));
	if (folders.length > 0) await setFolderSetting([...folderSetting(), ...folders]);
}

async function removeBackupFolder({ definitions, ui }: Services, { folder }: BackupNode): Promise<void> {
	await setFolderSetting(folderSetting().filter((one) => withoutEndSlash(one) !== folder));
	if ((await backupFolders(definitions)).includes(folder)) {
		void ui.tell('info', vscode.l10n.t('{0} stays: it is the destination of a definition.', folder));
	}
}
