import * as vscode from 'vscode';
import type { BackedUpDisk, BackupSetInfo } from '../../protocol/backups.ts';

/** A disk as the filter keeps it. */
export interface FilteredDisk {
	/** See {@link BackedUpDisk.id}. */
	readonly id: string;
	readonly label: string;
}

const key = 'backups.disk';
const context = 'afterimage.backupsFiltered';

/** The disk whose backups alone the view Existing Backups shows, or none: then it shows all. Kept for the workspace. */
export class BackupFilter implements vscode.Disposable {
	readonly #kept: vscode.Memento;
	readonly #changed = new vscode.EventEmitter<void>();

	readonly onChanged = this.#changed.event;

	constructor(kept: vscode.Memento) {
		this.#kept = kept;
		this.#tellMenus();
	}

	get disk(): FilteredDisk | undefined {
		return this.#kept.get<FilteredDisk>(key);
	}

	async set(disk: FilteredDisk | undefined): Promise<void> {
		await this.#kept.update(key, disk);
		this.#tellMenus();
		this.#changed.fire();
	}

	passes({ disks }: Pick<BackupSetInfo, 'disks'>): boolean {
		const { disk } = this;
		return disk === undefined || disks.some(({ id }: BackedUpDisk) => id === disk.id);
	}

	dispose(): void {
		this.#changed.dispose();
	}

	#tellMenus(): void {
		void vscode.commands.executeCommand('setContext', context, this.disk !== undefined);
	}
}
