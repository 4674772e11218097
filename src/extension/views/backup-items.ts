import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { BackupSetInfo, UnreadableImage } from '../../protocol/backups.ts';
import { commands, contexts } from '../ids.ts';
import { dateAndTime, formatBytes } from '../l10n.ts';
import type { ChainNode } from './chain-order.ts';
import { fileDescription, fileState, filesWord, isBroken, setDescription, setState, typeName } from './present.ts';

/** Scheme of the addresses by which decorations find the files of the view Existing Backups. */
export const backupScheme = 'afterimage-backup';

/** The commands of items that stand for sets that are not shown; internal, so not in the manifest. */
export const showMoreCommand = 'afterimage.backups.showMore';

export function folderItem(folder: string): vscode.TreeItem {
	const item = new vscode.TreeItem(basename(folder) || folder, vscode.TreeItemCollapsibleState.Expanded);
	item.id = `folder:${folder}`;
	item.description = dirname(folder);
	item.accessibilityInformation = { label: folder };
	item.iconPath = vscode.ThemeIcon.Folder;
	item.contextValue = contexts.backupFolder;
	item.tooltip = folder;
	return item;
}

export function setItem(set: BackupSetInfo): vscode.TreeItem {
	const item = new vscode.TreeItem(set.imageId, vscode.TreeItemCollapsibleState.Collapsed);
	item.id = `set:${set.folder}:${set.imageId}`;
	item.description = setDescription(set, Date.now());
	item.contextValue = contexts.backupSet;
	const state = setState(set);
	item.iconPath =
		state !== undefined
			? new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
			: new vscode.ThemeIcon('layers');
	item.tooltip = [
		set.sources,
		`${filesWord(set.files.length)}, ${formatBytes(set.size)}`,
		...set.damage.map((text) => `⚠ ${text}`),
		...set.aside,
	].join('\n');
	item.accessibilityInformation = {
		label: [
			vscode.l10n.t('Backup set {0}', set.imageId),
			item.description,
			...(state === undefined ? [] : [state]),
		].join(', '),
	};
	return item;
}

const icons = { full: 'circle-filled', diff: 'triangle-up', inc: 'primitive-square' } as const;

export function fileItem({ file, children }: ChainNode): vscode.TreeItem {
	const state = children.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None;
	const number = String(file.incrementNumber).padStart(2, '0');
	const item = new vscode.TreeItem(`${typeName(file.type)} ${number}`, state);
	item.id = `file:${file.path}`;
	item.description = fileDescription(file, Date.now());
	item.contextValue = contexts.backupFile;
	item.resourceUri = vscode.Uri.from({
		scheme: backupScheme,
		path: file.path,
		query: isBroken(file) ? 'broken' : '',
	});
	item.iconPath = isBroken(file)
		? new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'))
		: file.verifiedOn !== undefined
			? new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'))
			: new vscode.ThemeIcon(icons[file.type]);
	const lines = [file.name, dateAndTime(file.time), formatBytes(file.size)];
	if (file.parent !== undefined) lines.push(vscode.l10n.t('Stands on {0}', file.parent));
	if (file.merged.length > 0) lines.push(vscode.l10n.t('Holds the merged files {0}', file.merged.join(', ')));
	lines.push(fileState(file));
	if (file.encrypted) lines.push(vscode.l10n.t('Encrypted'));
	if (file.comment !== '') lines.push(file.comment);
	item.tooltip = lines.join('\n');
	item.accessibilityInformation = { label: `${typeName(file.type)} ${number}, ${item.description}` };
	return item;
}

export function moreItem(folder: string, shown: number, total: number): vscode.TreeItem {
	const item = new vscode.TreeItem(vscode.l10n.t('Show more ({0} of {1} sets shown)', shown, total));
	item.id = `more:${folder}`;
	item.iconPath = new vscode.ThemeIcon('ellipsis');
	item.command = { command: showMoreCommand, title: vscode.l10n.t('Show more'), arguments: [folder] };
	return item;
}

/** Says how many sets the filter keeps back; chosen, it shows them. */
export function hiddenItem(folder: string, count: number): vscode.TreeItem {
	const item = new vscode.TreeItem(
		count === 1
			? vscode.l10n.t('1 set of another disk is hidden')
			: vscode.l10n.t('{0} sets of other disks are hidden', count),
	);
	item.id = `hidden:${folder}`;
	item.iconPath = new vscode.ThemeIcon('filter');
	item.command = { command: commands.clearBackupFilter, title: vscode.l10n.t('Show Backups of All Disks') };
	return item;
}

/** A file that cannot be read, and why. */
export function unreadableItem({ path, reason, denied }: UnreadableImage): vscode.TreeItem {
	const item = new vscode.TreeItem(basename(path));
	item.description = denied ? vscode.l10n.t('you may not read it') : reason;
	const advice = vscode.l10n.t('Have its owner or an administrator let you read it, then refresh this view.');
	item.tooltip = [path, reason, ...(denied ? [advice] : [])].join('\n');
	item.iconPath = new vscode.ThemeIcon(denied ? 'lock' : 'warning', new vscode.ThemeColor('list.warningForeground'));
	return item;
}

/** A folder that cannot be listed. */
export function problemItem(icon: 'warning' | 'info', text: string, detail: string): vscode.TreeItem {
	const item = new vscode.TreeItem(text);
	item.description = detail;
	item.tooltip = `${text}\n${detail}`;
	item.iconPath =
		icon === 'info'
			? new vscode.ThemeIcon('info')
			: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
	return item;
}
