import * as vscode from 'vscode';
import { readDefinitionFile, type DefinitionFile } from '../../definitions/definition-file.ts';
import type { Services } from '../../services.ts';
import type { DefinitionNode } from '../../views/definitions-tree.ts';

/** What a command on definitions may be called with: an item of the tree, a path, a file, or nothing. */
export type DefinitionArgument = DefinitionNode | string | vscode.Uri | undefined;

/** The definition that a command was called on, read anew, or the answer to a question. */
export async function chooseDefinition(
	services: Pick<Services, 'definitions' | 'ui'>,
	argument: DefinitionArgument,
): Promise<DefinitionFile | undefined> {
	const path = pathOf(argument) ?? (await askForPath(services));
	if (path === undefined) return undefined;
	const known = await services.definitions.find(path);
	return readDefinitionFile(path, known?.origin ?? 'workspace');
}

function pathOf(argument: DefinitionArgument): string | undefined {
	if (typeof argument === 'string') return argument;
	if (argument instanceof vscode.Uri) return argument.fsPath;
	return argument?.file.path;
}

async function askForPath({ definitions, ui }: Pick<Services, 'definitions' | 'ui'>): Promise<string | undefined> {
	const items = (await definitions.all()).map((file) => ({
		label: file.name,
		description: file.definition?.destination.folder ?? file.problem ?? '',
		detail: file.path,
		path: file.path,
	}));
	if (items.length === 0) {
		void ui.tell('info', vscode.l10n.t('There is no backup definition yet. Make one with New Image.'));
		return undefined;
	}
	const options = { title: vscode.l10n.t('Choose a backup definition'), matchOnDetail: true };
	return (await ui.pick(items, options))?.path;
}
