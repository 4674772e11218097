import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { DefinitionStore } from '../definitions/store.ts';
import { settings } from '../ids.ts';

/** Folders that the view Existing Backups shows: destinations of definitions, then those of the setting; each once. */
export async function backupFolders(store: DefinitionStore): Promise<readonly string[]> {
	const files = await store.all();
	const destinations = files.flatMap(({ definition }) =>
		definition === undefined
			? []
			: [definition.destination.folder, ...definition.destination.alternativeLocations.folders],
	);
	const folders = [...destinations, ...folderSetting()].flatMap((folder) =>
		folder === undefined || folder.trim() === '' ? [] : [withoutEndSlash(folder)],
	);
	return [...new Set(folders)];
}

export function folderSetting(): readonly string[] {
	return vscode.workspace.getConfiguration('afterimage').get<string[]>(settings.backupFolders, []);
}

export async function setFolderSetting(folders: readonly string[]): Promise<void> {
	await vscode.workspace
		.getConfiguration('afterimage')
		.update(settings.backupFolders, [...new Set(folders)], vscode.ConfigurationTarget.Global);
}

/** Adds a folder to the setting when it is there and the view does not show it for the sake of a definition. */
export async function alsoShow(store: DefinitionStore, folder: string): Promise<void> {
	if (!existsSync(folder) || (await backupFolders(store)).includes(withoutEndSlash(folder))) return;
	await setFolderSetting([...folderSetting(), withoutEndSlash(folder)]);
}

export function withoutEndSlash(folder: string): string {
	return folder.length > 1 ? folder.replace(/(?<![:/\\])[/\\]+$/, '') : folder;
}
