import * as vscode from 'vscode';
import type { BackupDefinition, Schedule } from '../../definition/model.ts';
import type { DefinitionFile } from '../definitions/definition-file.ts';
import type { DefinitionStore } from '../definitions/store.ts';
import { contexts, editors } from '../ids.ts';

export type DefinitionNode =
	| { readonly kind: 'definition'; readonly file: DefinitionFile }
	| { readonly kind: 'schedule'; readonly file: DefinitionFile; readonly index: number; readonly schedule: Schedule };

/** The view Backup Definitions: files of the definitions folder and of the workspace, their schedules beneath. */
export class DefinitionsTree implements vscode.TreeDataProvider<DefinitionNode>, vscode.Disposable {
	readonly #store: DefinitionStore;
	readonly #changed = new vscode.EventEmitter<undefined>();
	readonly #subscription: vscode.Disposable;

	readonly onDidChangeTreeData = this.#changed.event;

	constructor(store: DefinitionStore) {
		this.#store = store;
		this.#subscription = store.onChanged(() => this.#changed.fire(undefined));
	}

	async getChildren(node?: DefinitionNode): Promise<DefinitionNode[]> {
		if (node === undefined) return (await this.#store.all()).map((file) => ({ kind: 'definition', file }));
		if (node.kind === 'schedule') return [];
		const { file } = node;
		const schedules = file.definition?.scheduling.schedules ?? [];
		return schedules.map((schedule, index) => ({ kind: 'schedule', file, index, schedule }));
	}

	async getTreeItem(node: DefinitionNode): Promise<vscode.TreeItem> {
		if (node.kind === 'definition') return definitionItem(node.file);
		const { scheduleItem } = await import('./schedule-item.ts');
		return scheduleItem(node.file, node.index, node.schedule);
	}

	dispose(): void {
		this.#subscription.dispose();
		this.#changed.dispose();
	}
}

function definitionItem(file: DefinitionFile): vscode.TreeItem {
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
		item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
		item.description = file.problem ?? '';
	} else {
		const place = file.origin === 'folder' ? '' : vscode.workspace.asRelativePath(uri);
		item.iconPath = new vscode.ThemeIcon('file-code');
		item.description = [destinationOf(definition), place].filter((part) => part !== '').join(' · ');
	}
	item.tooltip = tooltip(file);
	item.accessibilityInformation = { label: `${file.name}, ${item.description}` };
	return item;
}

/** What a definition does, without its form being opened: the view is seldom wide enough for more than its name. */
function tooltip({ definition, name, path, problem }: DefinitionFile): string {
	const lines = [name];
	if (problem !== undefined) lines.push(vscode.l10n.t('It does not run: {0}', problem));
	if (definition !== undefined) {
		if (definition.comment !== '') lines.push(definition.comment);
		lines.push(vscode.l10n.t('Source: {0}', sourcesOf(definition).join(', ')));
		lines.push(vscode.l10n.t('Destination: {0}', destinationOf(definition)));
	}
	return [...lines, path].join('\n');
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
