import * as vscode from 'vscode';
import type { BackupNode } from './backups-tree.ts';

const uriList = 'text/uri-list';

/** Image files and folders that are dropped onto the view Existing Backups are shown in it from then on. */
export const backupDrop: vscode.TreeDragAndDropController<BackupNode> = {
	dropMimeTypes: [uriList],
	dragMimeTypes: [],
	async handleDrop(_target, data) {
		const text = (await data.get(uriList)?.asString()) ?? '';
		const { showFolders } = await import('../commands/backups/backup-folder-commands.ts');
		await showFolders(droppedPaths(text));
	},
};

/** Paths of a `text/uri-list` (RFC 2483): one address a line, comments begin with `#`. */
function droppedPaths(text: string): string[] {
	return text
		.split(/\r?\n/)
		.filter((line) => line !== '' && !line.startsWith('#'))
		.map((line) => vscode.Uri.parse(line))
		.filter((uri) => uri.scheme === 'file' || uri.scheme === 'vscode-remote')
		.map((uri) => uri.fsPath);
}
