import * as vscode from 'vscode';
import { toErrorRecord } from '../../base/errors.ts';
import type { FilePlace } from '../../protocol/files.ts';
import { lazily } from '../lazily.ts';
import type { BackedUpFiles } from './backed-up-files.ts';
import type { FileNode } from './file-node.ts';

/** The backup that the view shows. */
export interface BrowsedBackup {
	/** Path of its image file. */
	readonly image: string;
	/** Beside the view's name. */
	readonly title: string;
}

/** The view Files in Backup: partitions of the one backup that is browsed, their folders and files. */
export class FilesTree implements vscode.TreeDataProvider<FileNode>, vscode.Disposable {
	readonly #files: () => Promise<BackedUpFiles>;
	readonly #changed = new vscode.EventEmitter<undefined>();
	readonly #browsedChanged = new vscode.EventEmitter<void>();
	readonly #parts = lazily(async () => ({
		...(await import('./file-item.ts')),
		...(await import('./file-order.ts')),
	}));
	readonly #warnings = new Set<string>();
	#browsed: BrowsedBackup | undefined;

	readonly onDidChangeTreeData = this.#changed.event;
	/** Another backup is browsed, none is any more, or there is a new warning. */
	readonly onBrowsed = this.#browsedChanged.event;

	constructor(files: () => Promise<BackedUpFiles>) {
		this.#files = files;
	}

	/** Undefined when none is. */
	get browsed(): BrowsedBackup | undefined {
		return this.#browsed;
	}

	/** What is to be known of the file systems that were looked at. */
	get warnings(): readonly string[] {
		return [...this.#warnings];
	}

	browse(backup: BrowsedBackup): void {
		this.#browsed = backup;
		this.#startAgain();
	}

	close(): void {
		this.#browsed = undefined;
		this.#startAgain();
	}

	/** Asks the engine again. */
	async refresh(): Promise<void> {
		(await this.#files()).refresh();
		this.#startAgain();
	}

	async getChildren(node?: FileNode): Promise<FileNode[]> {
		const browsed = this.#browsed;
		if (browsed === undefined || node?.kind === 'problem') return [];
		try {
			return node === undefined ? await this.#partitions(browsed.image) : await this.#folder(node.place);
		} catch (error) {
			const { message, advice } = toErrorRecord(error);
			return [{ kind: 'problem', text: message, detail: advice ?? '' }];
		}
	}

	async getTreeItem(node: FileNode): Promise<vscode.TreeItem> {
		return (await this.#parts()).itemOf(node);
	}

	dispose(): void {
		this.#changed.dispose();
		this.#browsedChanged.dispose();
	}

	#startAgain(): void {
		this.#warnings.clear();
		this.#browsedChanged.fire();
		this.#changed.fire(undefined);
	}

	async #partitions(image: string): Promise<FileNode[]> {
		const { partitionsInOrder } = await this.#parts();
		const partitions = partitionsInOrder(await (await this.#files()).partitions(image));
		const severalDisks = new Set(partitions.map(({ disk }) => disk)).size > 1;
		const only = partitions.filter(({ objection }) => objection === undefined).length === 1;
		return partitions.map((partition) => ({
			kind: 'partition',
			place: { image, disk: partition.disk, partition: partition.partition, path: '' },
			partition,
			severalDisks,
			only,
		}));
	}

	async #folder(place: FilePlace): Promise<FileNode[]> {
		const { inOrder } = await this.#parts();
		const { entries, warnings } = await (await this.#files()).list(place);
		const known = this.#warnings.size;
		for (const warning of warnings) this.#warnings.add(warning);
		if (this.#warnings.size > known) this.#browsedChanged.fire();
		const start = place.path === '' ? '' : `${place.path}/`;
		return inOrder(entries).map((file) => ({
			kind: 'file',
			place: { ...place, path: start + file.name },
			file,
		}));
	}
}
