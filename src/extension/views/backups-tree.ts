import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { AfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { BackupFileInfo, BackupFolderInfo, BackupSetInfo, UnreadableImage } from '../../protocol/backups.ts';
import type { Engines } from '../engine/engines.ts';
import type { BackupFilter } from './backup-filter.ts';
import { fileItem, folderItem, hiddenItem, moreItem, problemItem, setItem, unreadableItem } from './backup-items.ts';
import { chainOf, type ChainNode } from './chain-order.ts';
import { newest } from './present.ts';

export type BackupNode =
	| { readonly kind: 'folder'; readonly folder: string }
	| { readonly kind: 'set'; readonly folder: string; readonly set: BackupSetInfo }
	| { readonly kind: 'file'; readonly folder: string; readonly set: BackupSetInfo; readonly chain: ChainNode }
	| { readonly kind: 'more'; readonly folder: string; readonly shown: number; readonly total: number }
	| { readonly kind: 'hidden'; readonly folder: string; readonly count: number }
	| { readonly kind: 'unreadable'; readonly folder: string; readonly file: UnreadableImage }
	| {
			readonly kind: 'problem';
			readonly folder: string;
			readonly icon: 'warning' | 'info';
			readonly text: string;
			readonly detail: string;
	  };

/** Sets that are shown at once; the rest comes page by page. */
const page = 100;

/** The view Existing Backups: folders, their sets newest first, and each set's chain. */
export class BackupsTree implements vscode.TreeDataProvider<BackupNode>, vscode.Disposable {
	readonly #engines: Engines;
	readonly #folders: () => Promise<readonly string[]>;
	readonly #filter: Pick<BackupFilter, 'passes'>;
	readonly #changed = new vscode.EventEmitter<BackupNode | undefined>();
	readonly #listed = new Map<string, Promise<BackupFolderInfo>>();
	readonly #shown = new Map<string, number>();
	/** Counts refreshes: the last one tells the view. */
	#refreshes = 0;

	readonly onDidChangeTreeData = this.#changed.event;

	/**
	 * @param folders the backup folders to show, asked for at every refresh
	 * @param filter which of their sets are shown; everything else about backups knows all of them
	 */
	constructor(engines: Engines, folders: () => Promise<readonly string[]>, filter: Pick<BackupFilter, 'passes'>) {
		this.#engines = engines;
		this.#folders = folders;
		this.#filter = filter;
	}

	/** Lists again what was listed; the view is told afterwards, so that it keeps its items meanwhile. */
	async refresh(): Promise<void> {
		const mine = ++this.#refreshes;
		const folders = [...this.#listed.keys()];
		this.#listed.clear();
		await Promise.allSettled(folders.map((folder) => this.#list(folder)));
		if (mine === this.#refreshes) this.#changed.fire(undefined);
	}

	/** Other folders or sets may be shown now; what was read of those that stay is kept. */
	shownChanged(): void {
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
				return [
					...chainOf(node.set).map((chain): BackupNode => ({
						kind: 'file',
						folder: node.folder,
						set: node.set,
						chain,
					})),
					...node.set.unreadable.map((file): BackupNode => ({ kind: 'unreadable', folder: node.folder, file })),
				];
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
			case 'hidden':
				return hiddenItem(node.folder, node.count);
			case 'unreadable':
				return unreadableItem(node.file);
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
			const passed = info.sets.filter((set) => this.#filter.passes(set));
			const sets = passed.sort((a, b) => newest(b).localeCompare(newest(a)));
			const shown = Math.min(sets.length, this.#shown.get(folder) ?? page);
			const nodes: BackupNode[] = sets.slice(0, shown).map((set) => ({ kind: 'set', folder, set }));
			if (shown < sets.length) nodes.push({ kind: 'more', folder, shown, total: sets.length });
			const hidden = info.sets.length - sets.length;
			if (hidden > 0) nodes.push({ kind: 'hidden', folder, count: hidden });
			return [...nodes, ...info.unreadable.map((file): BackupNode => ({ kind: 'unreadable', folder, file }))];
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
