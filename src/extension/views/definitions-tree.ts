import * as vscode from 'vscode';
import type { Schedule } from '../../definition/model.ts';
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
		if (node.kind === 'definition') return definitionItem(node.file, this.#store.folder);
		const { scheduleItem } = await import('./schedule-item.ts');
		return scheduleItem(node.file, node.index, node.schedule);
	}

	dispose(): void {
		this.#subscription.dispose();
		this.#changed.dispose();
	}
}

function definitionItem(file: DefinitionFile, folder: string): vscode.TreeItem {
	const { definition } = file;
	const has = (definition?.scheduling.schedules.length ?? 0) > 0;
	const item = new vscode.TreeItem(
		file.name,
		has ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
	);
	const uri = vscode.Uri.file(file.path);
	item.id = file.path;
	item.contextValue = contexts.definition;
	item.command = {
		command: 'vscode.openWith',
		title: vscode.l10n.t('Open'),
		arguments: [uri, definition === undefined ? 'default' : editors.definition],
	};
	if (definition === undefined) {
		item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
		item.description = file.problem ?? '';
		item.tooltip = `${file.path}\n${file.problem ?? ''}`;
		item.accessibilityInformation = { label: `${file.name}, ${file.problem ?? ''}` };
		return item;
	}
	const place = file.origin === 'folder' ? '' : vscode.workspace.asRelativePath(uri);
	item.iconPath = new vscode.ThemeIcon('file-code');
	item.description = [definition.destination.folder ?? definition.destination.opticalDrive ?? '', place]
		.filter((part) => part !== '')
		.join(' · ');
	const lines = [file.name];
	if (definition.comment !== '') lines.push(definition.comment);
	lines.push(file.origin === 'folder' ? file.path.slice(folder.length + 1) : place);
	item.tooltip = lines.join('\n');
	item.accessibilityInformation = { label: `${file.name}, ${item.description}` };
	return item;
}
