import * as vscode from 'vscode';
import type { BackupDefinition, Schedule } from '../../definition/model.ts';
import type { DefinitionFile } from '../definitions/definition-file.ts';
import type { OverdueWatch } from '../definitions/overdue-watch.ts';
import type { DefinitionStore } from '../definitions/store.ts';
import type { DueReport } from '../../protocol/due.ts';
import { contexts, editors } from '../ids.ts';
import { overdueLines, overdueSince, overdueTooltip } from './overdue.ts';

export type DefinitionNode =
	| { readonly kind: 'definition'; readonly file: DefinitionFile }
	| { readonly kind: 'schedule'; readonly file: DefinitionFile; readonly index: number; readonly schedule: Schedule };

/** The view Backup Definitions: files of the definitions folder and of the workspace, their schedules beneath. */
export class DefinitionsTree implements vscode.TreeDataProvider<DefinitionNode>, vscode.Disposable {
	readonly #store: DefinitionStore;
	readonly #overdue: OverdueWatch;
	readonly #changed = new vscode.EventEmitter<undefined>();
	readonly #subscriptions: readonly vscode.Disposable[];

	readonly onDidChangeTreeData = this.#changed.event;

	constructor(store: DefinitionStore, overdue: OverdueWatch) {
		this.#store = store;
		this.#overdue = overdue;
		this.#subscriptions = [store, overdue].map((one) => one.onChanged(() => this.#changed.fire(undefined)));
	}

	async getChildren(node?: DefinitionNode): Promise<DefinitionNode[]> {
		if (node === undefined) return (await this.#store.all()).map((file) => ({ kind: 'definition', file }));
		if (node.kind === 'schedule') return [];
		const { file } = node;
		const schedules = file.definition?.scheduling.schedules ?? [];
		return schedules.map((schedule, index) => ({ kind: 'schedule', file, index, schedule }));
	}

	async getTreeItem(node: DefinitionNode): Promise<vscode.TreeItem> {
		const overdue = this.#overdue.of(node.file.path);
		if (node.kind === 'definition') return definitionItem(node.file, overdue);
		const { scheduleItem } = await import('./schedule-item.ts');
		return scheduleItem(node.file, node.index, node.schedule, overdue);
	}

	dispose(): void {
		for (const subscription of this.#subscriptions) subscription.dispose();
		this.#changed.dispose();
	}
}

/** @param overdue what of it is */
function definitionItem(file: DefinitionFile, overdue: DueReport | undefined): vscode.TreeItem {
	const { definition } = file;
	const has = (definition?.scheduling.schedules.length ?? 0) > 0;
	const item = new vscode.TreeItem(
		file.name,
		has ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
	);
	const uri = vscode.Uri.file(file.path);
	item.id = file.path;
	item.contextValue = file.problem === undefined ? contexts.definition : contexts.brokenDefinition;
	item.command = {
		command: 'vscode.openWith',
		title: vscode.l10n.t('Open'),
		arguments: [uri, definition === undefined ? 'default' : editors.definition],
	};
	if (definition === undefined || file.problem !== undefined) {
		item.iconPath = warningIcon();
		item.description = file.problem ?? '';
	} else {
		const place = file.origin === 'folder' ? '' : vscode.workspace.asRelativePath(uri);
		const late = overdue === undefined ? '' : overdueSince(overdue.schedules);
		item.iconPath = late === '' ? new vscode.ThemeIcon('file-code') : warningIcon();
		item.description = [late, destinationOf(definition), place].filter((part) => part !== '').join(' · ');
	}
	const [title = '', ...lines] = tooltipLines(file);
	item.tooltip = overdue === undefined ? [title, ...lines].join('\n') : overdueTooltip(title, overdue, lines);
	const late = overdue === undefined ? [] : overdueLines(overdue);
	item.accessibilityInformation = { label: [`${file.name}, ${item.description}`, ...late].join('. ') };
	return item;
}

function warningIcon(): vscode.ThemeIcon {
	return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
}

/** What a definition does, without its form being opened: the view is seldom wide enough for more than its name. */
function tooltipLines({ definition, name, path, problem }: DefinitionFile): readonly string[] {
	const lines = [name];
	if (problem !== undefined) lines.push(vscode.l10n.t('It does not run: {0}', problem));
	if (definition !== undefined) {
		if (definition.comment !== '') lines.push(definition.comment);
		lines.push(vscode.l10n.t('Source: {0}', sourcesOf(definition).join(', ')));
		lines.push(vscode.l10n.t('Destination: {0}', destinationOf(definition)));
	}
	return [...lines, path];
}

function destinationOf({ destination }: BackupDefinition): string {
	return destination.folder ?? destination.opticalDrive ?? '';
}

function sourcesOf({ sources }: BackupDefinition): readonly string[] {
	return [
		...(sources.bootPartitions ? [vscode.l10n.t('what the system boots from')] : []),
		...sources.disks.map(({ model, signature }) => model ?? signature),
		...sources.rawFiles.map(({ path }) => path),
	];
}
