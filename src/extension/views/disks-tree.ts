import * as vscode from 'vscode';
import { toErrorRecord } from '../../base/errors.ts';
import type { DiskInfo, PartitionFlag, PartitionInfo } from '../../protocol/disks.ts';
import { contexts, settings } from '../ids.ts';
import type { DiskSelection } from '../definitions/sources.ts';
import type { Engines } from '../engine/engines.ts';
import { formatBytes } from '../l10n.ts';
import { escapeMarkdown } from './markdown.ts';
import { diskDescription, diskLabel, partitionDescription, partitionLabel, usedBar, volumeLine } from './present.ts';

export type DiskNode =
	| { readonly kind: 'disk'; readonly disk: DiskInfo }
	| { readonly kind: 'partition'; readonly disk: DiskInfo; readonly partition: PartitionInfo };

/** The view Local Disks: disks and raw files, their partitions beneath, with check boxes. */
export class DisksTree implements vscode.TreeDataProvider<DiskNode>, vscode.Disposable {
	readonly #engines: Engines;
	readonly #changed = new vscode.EventEmitter<DiskNode | undefined>();
	readonly #checked = new Set<string>();
	#listing: Promise<readonly DiskInfo[]> | undefined;
	#disks: readonly DiskInfo[] = [];
	#nodes = new Map<string, DiskNode>();

	readonly #problem = new vscode.EventEmitter<string | undefined>();

	readonly onDidChangeTreeData = this.#changed.event;
	/** Why the disks could not be listed; undefined once they were. */
	readonly onProblem = this.#problem.event;

	constructor(engines: Engines) {
		this.#engines = engines;
	}

	/** Disks as last listed; lists them when they never were. */
	async disks(): Promise<readonly DiskInfo[]> {
		this.#listing ??= this.#list(this.#engines.elevated);
		const listing = this.#listing;
		try {
			const disks = await listing;
			if (this.#listing === listing) this.#disks = disks;
			return disks;
		} catch (error) {
			if (this.#listing === listing) this.#listing = undefined;
			throw error;
		}
	}

	/** Reads the disks again; with administrator rights when they are there, or are asked for. */
	async refresh(elevated = this.#engines.elevated): Promise<void> {
		this.#listing = this.#list(elevated);
		await this.disks();
		this.#nodes.clear();
		this.#changed.fire(undefined);
	}

	/** Other raw files belong to the list now: it is read again if it was read. The view keeps its items meanwhile. */
	async filesChanged(): Promise<void> {
		try {
			if (this.#listing !== undefined) return await this.refresh();
		} catch {
			// The view asks again, and shows why there is no list.
		}
		this.#nodes.clear();
		this.#changed.fire(undefined);
	}

	/** The partitions with a check mark, by disk. */
	selection(): readonly DiskSelection[] {
		return this.#disks
			.map((disk) => ({
				disk,
				partitions: disk.partitions.filter((partition) => this.#checked.has(keyOf(disk, partition))),
			}))
			.filter(({ partitions }) => partitions.length > 0);
	}

	/** Takes over check marks from the view; a disk's mark is that of all its partitions. */
	check(changes: readonly (readonly [DiskNode, vscode.TreeItemCheckboxState])[]): void {
		for (const [node, state] of changes) {
			const partitions = node.kind === 'disk' ? node.disk.partitions : [node.partition];
			for (const partition of partitions) {
				if (state === vscode.TreeItemCheckboxState.Checked) this.#checked.add(keyOf(node.disk, partition));
				else this.#checked.delete(keyOf(node.disk, partition));
			}
		}
		this.#changed.fire(undefined);
	}

	async getChildren(node?: DiskNode): Promise<DiskNode[]> {
		if (node === undefined) return this.#roots();
		if (node.kind === 'partition') return [];
		return node.disk.partitions.map((partition) => this.#keep({ kind: 'partition', disk: node.disk, partition }));
	}

	getParent(node: DiskNode): DiskNode | undefined {
		return node.kind === 'partition' ? this.#keep({ kind: 'disk', disk: node.disk }) : undefined;
	}

	getTreeItem(node: DiskNode): vscode.TreeItem {
		const item = node.kind === 'disk' ? diskItem(node.disk) : partitionItem(node.disk, node.partition);
		const partitions = node.kind === 'disk' ? node.disk.partitions : [node.partition];
		const all =
			partitions.length > 0 && partitions.every((partition) => this.#checked.has(keyOf(node.disk, partition)));
		item.checkboxState = {
			state: all ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
			tooltip: vscode.l10n.t('Select for “Image Selected Disks”'),
		};
		return item;
	}

	dispose(): void {
		this.#changed.dispose();
		this.#problem.dispose();
	}

	/** Without any, the view shows its welcome text, which offers raw files and administrator rights. */
	async #roots(): Promise<DiskNode[]> {
		try {
			const disks = await this.disks();
			this.#problem.fire(undefined);
			return disks.map((disk) => this.#keep({ kind: 'disk', disk }));
		} catch (error) {
			this.#problem.fire(toErrorRecord(error).message);
			return [];
		}
	}

	#keep(node: DiskNode): DiskNode {
		const key = node.kind === 'disk' ? node.disk.path : keyOf(node.disk, node.partition);
		const known = this.#nodes.get(key);
		if (known !== undefined) return known;
		this.#nodes.set(key, node);
		return node;
	}

	async #list(elevated: boolean): Promise<readonly DiskInfo[]> {
		const files = vscode.workspace.getConfiguration('afterimage').get<string[]>(settings.diskFiles, []);
		return (await this.#engines.get(elevated ? 'elevated' : 'user')).request('disks/list', { files });
	}
}

function keyOf(disk: DiskInfo, partition: PartitionInfo): string {
	return `${disk.path}#${partition.start}`;
}

function diskItem(disk: DiskInfo): vscode.TreeItem {
	const item = new vscode.TreeItem(diskLabel(disk), vscode.TreeItemCollapsibleState.Expanded);
	item.id = disk.path;
	item.description = diskDescription(disk);
	item.iconPath = new vscode.ThemeIcon(
		disk.kind === 'file' ? 'file-binary' : disk.removable ? 'plug' : 'device-desktop',
	);
	item.contextValue = disk.kind === 'file' ? contexts.diskFile : contexts.disk;
	const tooltip = new vscode.MarkdownString();
	tooltip.appendMarkdown(`**${escapeMarkdown(diskLabel(disk))}**  \n`);
	const sectors = vscode.l10n.t('sectors of {0} bytes', disk.sectorSize);
	tooltip.appendMarkdown(`${escapeMarkdown(disk.path)} · ${formatBytes(disk.size)} · ${sectors}  \n`);
	if (disk.id !== '') tooltip.appendMarkdown(`${vscode.l10n.t('Disk id {0}', `\`${disk.id}\``)}  \n`);
	if (disk.serial !== '')
		tooltip.appendMarkdown(`${vscode.l10n.t('Serial number {0}', escapeMarkdown(disk.serial))}  \n`);
	if (disk.needsRights)
		tooltip.appendMarkdown(
			`\n${vscode.l10n.t('File systems could not be read: that needs administrator rights.')}  \n`,
		);
	for (const warning of disk.warnings) tooltip.appendMarkdown(`\n⚠ ${escapeMarkdown(warning)}  \n`);
	item.tooltip = tooltip;
	item.accessibilityInformation = { label: `${diskLabel(disk)}, ${formatBytes(disk.size)}, ${disk.path}` };
	return item;
}

function flagWord(flag: PartitionFlag): string {
	return {
		boot: vscode.l10n.t('boot'),
		system: vscode.l10n.t('system'),
		efi: vscode.l10n.t('EFI system'),
		reserved: vscode.l10n.t('Microsoft reserved'),
		recovery: vscode.l10n.t('recovery'),
		active: vscode.l10n.t('active'),
		hidden: vscode.l10n.t('hidden'),
		encrypted: vscode.l10n.t('encrypted'),
		swap: vscode.l10n.t('swap'),
	}[flag];
}

function partitionItem(disk: DiskInfo, partition: PartitionInfo): vscode.TreeItem {
	const item = new vscode.TreeItem(partitionLabel(partition), vscode.TreeItemCollapsibleState.None);
	item.id = keyOf(disk, partition);
	const mounts = partition.mountedAt.filter((mount) => item.label !== `${partition.number} - ${mount}`);
	item.description = [partitionDescription(partition), ...mounts].join(' · ');
	item.iconPath = new vscode.ThemeIcon(partitionIcon(partition));
	item.contextValue = contexts.partition;
	const tooltip = new vscode.MarkdownString();
	tooltip.appendMarkdown(
		`**${escapeMarkdown(partitionLabel(partition))}** — ${escapeMarkdown(partitionDescription(partition))}  \n`,
	);
	if (partition.used !== undefined) tooltip.appendMarkdown(`${usedBar(partition.used, partition.length)}  \n`);
	const flags = partition.flags.map(flagWord);
	tooltip.appendMarkdown(`${escapeMarkdown([partition.typeName, ...flags].join(' · '))}  \n`);
	if (partition.mountedAt.length > 0)
		tooltip.appendMarkdown(`${vscode.l10n.t('Mounted at {0}', escapeMarkdown(partition.mountedAt.join(', ')))}  \n`);
	for (const volume of partition.volumes ?? []) tooltip.appendMarkdown(`${escapeMarkdown(volumeLine(volume))}  \n`);
	if (partition.uuid !== '') tooltip.appendMarkdown(`\`${partition.uuid}\`  \n`);
	if (partition.wholeReason !== undefined) {
		tooltip.appendMarkdown(
			`\n⚠ ${vscode.l10n.t('Every sector is stored: {0}', escapeMarkdown(partition.wholeReason))}`,
		);
	}
	item.tooltip = tooltip;
	item.accessibilityInformation = {
		label: [partitionLabel(partition), partitionDescription(partition), ...flags].join(', '),
	};
	return item;
}

function partitionIcon(partition: PartitionInfo): string {
	const has = (flag: PartitionInfo['flags'][number]) => partition.flags.includes(flag);
	if (has('encrypted')) return 'lock';
	if (has('efi') || has('boot')) return 'rocket';
	if (has('system')) return 'home';
	if (has('recovery')) return 'tools';
	if (has('swap')) return 'arrow-swap';
	return partition.used === undefined ? 'circle-large-outline' : 'database';
}
