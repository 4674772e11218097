import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { AfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { BackupFileInfo, BackupFolderInfo, BackupSetInfo } from '../../protocol/backups.ts';
import type { Engines } from '../engine/engines.ts';
import { contexts } from '../ids.ts';
import { dateAndTime, formatBytes } from '../l10n.ts';
import { chainOf, type ChainNode } from './chain-order.ts';
import { age, fileDescription, fileState, filesWord, isDamaged, typeName } from './present.ts';

export type BackupNode =
	| { readonly kind: 'folder'; readonly folder: string }
	| { readonly kind: 'set'; readonly folder: string; readonly set: BackupSetInfo }
	| { readonly kind: 'file'; readonly folder: string; readonly set: BackupSetInfo; readonly chain: ChainNode }
	| { readonly kind: 'more'; readonly folder: string; readonly shown: number; readonly total: number }
	| {
			readonly kind: 'problem';
			readonly folder: string;
			readonly icon: 'warning' | 'info';
			readonly text: string;
			readonly detail: string;
	  };

/** Scheme of the addresses by which decorations find the files of this view. */
export const backupScheme = 'afterimage-backup';

/** The command of the item that stands for sets not shown yet; internal, so not in the manifest. */
export const showMoreCommand = 'afterimage.backups.showMore';

/** Sets that are shown at once; the rest comes page by page. */
const page = 100;

/** The view Existing Backups: folders, their sets newest first, and each set's chain. */
export class BackupsTree implements vscode.TreeDataProvider<BackupNode>, vscode.Disposable {
	readonly #engines: Engines;
	readonly #folders: () => Promise<readonly string[]>;
	readonly #changed = new vscode.EventEmitter<BackupNode | undefined>();
	readonly #listed = new Map<string, Promise<BackupFolderInfo>>();
	readonly #shown = new Map<string, number>();
	/** Counts refreshes: the last one tells the view. */
	#refreshes = 0;

	readonly onDidChangeTreeData = this.#changed.event;

	/** @param folders the backup folders to show, asked for at every refresh */
	constructor(engines: Engines, folders: () => Promise<readonly string[]>) {
		this.#engines = engines;
		this.#folders = folders;
	}

	/** Lists again what was listed; the view is told afterwards, so that it keeps its items meanwhile. */
	async refresh(): Promise<void> {
		const mine = ++this.#refreshes;
		const folders = [...this.#listed.keys()];
		this.#listed.clear();
		await Promise.allSettled(folders.map((folder) => this.#list(folder)));
		if (mine === this.#refreshes) this.#changed.fire(undefined);
	}

	/** Other folders may be shown now; what was read of those that stay is kept. */
	foldersChanged(): void {
		this.#changed.fire(undefined);
	}

	showMore(folder: string): void {
		this.#shown.set(folder, (this.#shown.get(folder) ?? page) + page);
		this.#changed.fire(undefined);
	}

	/** Every set of every folder; folders that cannot be read are left out. */
	async sets(): Promise<readonly BackupSetInfo[]> {
		const folders = await this.#folders();
		const listed = await Promise.allSettled(folders.map((folder) => this.#list(folder)));
		return listed.flatMap((result) => (result.status === 'fulfilled' ? result.value.sets : []));
	}

	/**
	 * The restore point with this path, whether its folder is shown or not.
	 * @throws AfterimageError `file-missing` when the folder has no such image
	 */
	async find(path: string): Promise<{ readonly set: BackupSetInfo; readonly file: BackupFileInfo }> {
		for (const set of (await this.#list(dirname(path))).sets) {
			const file = set.files.find((one) => one.path === path);
			if (file !== undefined) return { set, file };
		}
		throw new AfterimageError('file-missing', `${path} is no image that can be read`, {
			advice: 'Refresh the view Existing Backups',
		});
	}

	async getChildren(node?: BackupNode): Promise<BackupNode[]> {
		if (node === undefined) return (await this.#folders()).map((folder) => ({ kind: 'folder', folder }));
		switch (node.kind) {
			case 'folder':
				return this.#childrenOfFolder(node.folder);
			case 'set':
				return chainOf(node.set).map((chain) => ({ kind: 'file', folder: node.folder, set: node.set, chain }));
			case 'file':
				return node.chain.children.map((chain) => ({ kind: 'file', folder: node.folder, set: node.set, chain }));
			default:
				return [];
		}
	}

	getTreeItem(node: BackupNode): vscode.TreeItem {
		switch (node.kind) {
			case 'folder':
				return folderItem(node.folder);
			case 'set':
				return setItem(node.set);
			case 'file':
				return fileItem(node.chain);
			case 'more':
				return moreItem(node.folder, node.shown, node.total);
			case 'problem':
				return problemItem(node.icon, node.text, node.detail);
		}
	}

	dispose(): void {
		this.#changed.dispose();
	}

	#list(folder: string): Promise<BackupFolderInfo> {
		let listed = this.#listed.get(folder);
		if (listed === undefined) {
			listed = this.#engines.get('user').then((engine) => engine.request('folder/list', { folder }));
			this.#listed.set(folder, listed);
			// A folder that could not be read now may be there the next time.
			listed.catch(() => this.#listed.delete(folder));
		}
		return listed;
	}

	async #childrenOfFolder(folder: string): Promise<BackupNode[]> {
		try {
			const info = await this.#list(folder);
			const sets = [...info.sets].sort((a, b) => newest(b).localeCompare(newest(a)));
			const shown = Math.min(sets.length, this.#shown.get(folder) ?? page);
			const nodes: BackupNode[] = sets.slice(0, shown).map((set) => ({ kind: 'set', folder, set }));
			if (shown < sets.length) nodes.push({ kind: 'more', folder, shown, total: sets.length });
			nodes.push(
				...info.unreadable.map(({ path, reason }) => ({
					kind: 'problem' as const,
					folder,
					icon: 'warning' as const,
					text: path.slice(folder.length + 1),
					detail: reason,
				})),
			);
			return nodes;
		} catch (error) {
			const { code, message, advice } = toErrorRecord(error);
			if (code !== 'destination-missing')
				return [{ kind: 'problem', folder, icon: 'warning', text: message, detail: advice ?? '' }];
			const text = vscode.l10n.t('This folder is not there');
			const detail = vscode.l10n.t('Attach its disk, or create it: backups do not.');
			return [{ kind: 'problem', folder, icon: 'info', text, detail }];
		}
	}
}

function newest(set: BackupSetInfo): string {
	return set.files.reduce((latest, file) => (file.time > latest ? file.time : latest), '');
}

function folderItem(folder: string): vscode.TreeItem {
	const item = new vscode.TreeItem(basename(folder) || folder, vscode.TreeItemCollapsibleState.Expanded);
	item.id = `folder:${folder}`;
	item.description = dirname(folder);
	item.accessibilityInformation = { label: folder };
	item.iconPath = vscode.ThemeIcon.Folder;
	item.contextValue = contexts.backupFolder;
	item.tooltip = folder;
	return item;
}

function setItem(set: BackupSetInfo): vscode.TreeItem {
	const item = new vscode.TreeItem(set.imageId, vscode.TreeItemCollapsibleState.Collapsed);
	item.id = `set:${set.folder}:${set.imageId}`;
	item.description = [age(newest(set), Date.now()), filesWord(set.files.length), formatBytes(set.size)].join(' · ');
	item.contextValue = contexts.backupSet;
	const broken = set.damage.length > 0 || set.files.some(isDamaged);
	item.iconPath = broken
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
			...(broken ? [vscode.l10n.t('damaged')] : []),
		].join(', '),
	};
	return item;
}

const icons = { full: 'circle-filled', diff: 'triangle-up', inc: 'primitive-square' } as const;

function fileItem({ file, children }: ChainNode): vscode.TreeItem {
	const state = children.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None;
	const number = String(file.incrementNumber).padStart(2, '0');
	const item = new vscode.TreeItem(`${typeName(file.type)} ${number}`, state);
	item.id = `file:${file.path}`;
	item.description = fileDescription(file, Date.now());
	item.contextValue = contexts.backupFile;
	item.resourceUri = vscode.Uri.from({
		scheme: backupScheme,
		path: file.path,
		query: isDamaged(file) ? 'damaged' : '',
	});
	item.iconPath = isDamaged(file)
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

function moreItem(folder: string, shown: number, total: number): vscode.TreeItem {
	const item = new vscode.TreeItem(vscode.l10n.t('Show more ({0} of {1} sets shown)', shown, total));
	item.id = `more:${folder}`;
	item.iconPath = new vscode.ThemeIcon('ellipsis');
	item.command = { command: showMoreCommand, title: vscode.l10n.t('Show more'), arguments: [folder] };
	return item;
}

function problemItem(icon: 'warning' | 'info', text: string, detail: string): vscode.TreeItem {
	const item = new vscode.TreeItem(text);
	item.description = detail;
	item.tooltip = `${text}\n${detail}`;
	item.iconPath =
		icon === 'info'
			? new vscode.ThemeIcon('info')
			: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
	return item;
}
