import * as vscode from 'vscode';
import { visible } from '../../base/visible.ts';
import type { BackedUpFile, BackedUpPartition, FilePlace } from '../../protocol/files.ts';
import { contexts } from '../ids.ts';
import { imageScheme, placeAddress } from './address.ts';
import type { FileNode } from './file-node.ts';
import {
	backedUpPartitionDescription,
	backedUpPartitionLabel,
	fileDetails,
	fileTooltip,
	objectionText,
} from './present-files.ts';

/** Items have no ids of their own: a damaged folder may list one name twice. */
export function itemOf(node: FileNode): vscode.TreeItem {
	switch (node.kind) {
		case 'partition':
			return partitionItem(node);
		case 'file':
			return fileItem(node.place, node.file);
		case 'problem':
			return problemItem(node.text, node.detail);
	}
}

/** Address under which VS Code opens a place. */
export function placeUri(place: FilePlace): vscode.Uri {
	return vscode.Uri.from({ scheme: imageScheme, ...placeAddress(place) });
}

interface PartitionParts {
	readonly place: FilePlace;
	readonly partition: BackedUpPartition;
	readonly severalDisks: boolean;
	readonly only: boolean;
}

function partitionItem({ place, partition, severalDisks, only }: PartitionParts): vscode.TreeItem {
	const label = backedUpPartitionLabel(partition, severalDisks);
	const reason = objectionText(partition);
	const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
	const item = new vscode.TreeItem(label, reason !== undefined ? None : only ? Expanded : Collapsed);
	item.description = backedUpPartitionDescription(partition);
	item.resourceUri = decorated(place, reason === undefined ? '' : 'dimmed');
	item.iconPath =
		reason === undefined
			? new vscode.ThemeIcon('database')
			: new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('disabledForeground'));
	item.contextValue = reason === undefined ? contexts.backedUpPartition : contexts.backedUpOther;
	const parts = [label, item.description, ...(reason === undefined ? [] : [reason])];
	item.tooltip = parts.join('\n');
	item.accessibilityInformation = { label: parts.join(', ') };
	return item;
}

function fileItem(place: FilePlace, file: BackedUpFile): vscode.TreeItem {
	const isFolder = file.kind === 'folder';
	const name = visible(file.name);
	const { None, Collapsed } = vscode.TreeItemCollapsibleState;
	const item = new vscode.TreeItem(name, isFolder ? Collapsed : None);
	item.description = fileDetails(file);
	item.tooltip = fileTooltip(place.path, file);
	item.resourceUri = decorated(place, file.kind === 'damaged' ? 'damaged' : file.kind === 'special' ? 'dimmed' : '');
	item.contextValue = {
		file: contexts.backedUpFile,
		folder: contexts.backedUpFolder,
		link: contexts.backedUpLink,
		special: contexts.backedUpOther,
		damaged: contexts.backedUpOther,
	}[file.kind];
	item.iconPath = {
		file: vscode.ThemeIcon.File,
		folder: vscode.ThemeIcon.Folder,
		link: new vscode.ThemeIcon('file-symlink-file'),
		special: new vscode.ThemeIcon('circle-outline', new vscode.ThemeColor('disabledForeground')),
		damaged: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
	}[file.kind];
	const words = {
		file: '',
		folder: vscode.l10n.t('folder'),
		link: vscode.l10n.t('link'),
		special: '',
		damaged: file.note ?? '',
	};
	const label = [name, words[file.kind], item.description].filter((part) => part !== '').join(', ');
	item.accessibilityInformation = { label };
	if (file.kind === 'file') {
		item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [placeUri(place)] };
	}
	return item;
}

/** An address for the icon theme, with a mark for the decorations of the view. */
function decorated(place: FilePlace, mark: string): vscode.Uri {
	return placeUri(place).with({ query: mark });
}

function problemItem(text: string, detail: string): vscode.TreeItem {
	const item = new vscode.TreeItem(text);
	item.description = detail;
	item.tooltip = detail === '' ? text : `${text}\n${detail}`;
	item.accessibilityInformation = { label: [text, detail].filter((part) => part !== '').join(', ') };
	item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
	return item;
}
