import { basename } from 'node:path';
import * as vscode from 'vscode';
import { changeDefinition } from '../../../definition/change.ts';
import { applyEdits } from '../../../definition/xml/edits.ts';
import { freePath } from '../../definitions/new-definition.ts';
import type { DefinitionFile } from '../../definitions/definition-file.ts';
import { commands, editors } from '../../ids.ts';
import { openPathsOf } from '../../rights/definition-permissions.ts';
import type { Services } from '../../services.ts';
import { chooseDefinition, type DefinitionArgument } from './choose-definition.ts';
import { deleteDefinition } from './delete-definition.ts';
import { openAtError } from './open-at-error.ts';
import type { Actions } from '../register.ts';
import { runDefinition, type RequestedType } from './run-definition.ts';
import { validateDefinition } from './validate-definition.ts';

/** Commands on backup definitions. Each takes a tree item, a path, a file, or nothing: then it asks. */
export function definitionCommands(services: Services) {
	const { definitions } = services;
	const on = (action: (file: DefinitionFile) => Promise<unknown>) => async (argument: DefinitionArgument) => {
		const file = await chooseDefinition(services, argument);
		return file === undefined ? undefined : action(file);
	};
	const run = (type: RequestedType) => on((file) => runDefinition(services, file, type));
	return {
		[commands.runFull]: run('full'),
		[commands.runIncremental]: run('inc'),
		[commands.runDifferential]: run('diff'),
		[commands.runBackup]: on(async (file) => {
			const type = await chooseType(services);
			return type === undefined ? undefined : runDefinition(services, file, type);
		}),
		[commands.editAsForm]: (argument: DefinitionArgument) => openAs(services, argument, editors.definition),
		[commands.editAsXml]: (argument: DefinitionArgument) => openAs(services, argument, 'default'),
		[commands.validateDefinition]: on((file) => validateDefinition(services, file)),
		[commands.openAtError]: on(openAtError),
		[commands.duplicateDefinition]: on((file) => duplicate(services, file)),
		[commands.restrictPermissions]: on((file) => restrictPermissions(services, file)),
		[commands.deleteDefinition]: on((file) => deleteDefinition(services, file)),
		[commands.refreshDefinitions]: () => definitions.refresh(),
	} satisfies Actions;
}

async function chooseType({ ui }: Services): Promise<RequestedType | undefined> {
	const items: (vscode.QuickPickItem & { type: RequestedType })[] = [
		{
			type: 'auto',
			label: vscode.l10n.t('Automatic'),
			detail: vscode.l10n.t('An incremental where a matching backup set exists, else a full'),
		},
		{ type: 'full', label: vscode.l10n.t('Full'), detail: vscode.l10n.t('Everything in use; begins a new set') },
		{ type: 'diff', label: vscode.l10n.t('Differential'), detail: vscode.l10n.t('What changed since the last full') },
		{ type: 'inc', label: vscode.l10n.t('Incremental'), detail: vscode.l10n.t('What changed since the last backup') },
	];
	return (await ui.pick(items, { title: vscode.l10n.t('Type of the backup') }))?.type;
}

/** From a title bar the editor's own document is meant, saved or not; from elsewhere a definition on disk. */
async function openAs(services: Services, argument: DefinitionArgument, view: string): Promise<void> {
	const uri = argument instanceof vscode.Uri ? argument : (activeDefinition(argument) ?? undefined);
	if (uri !== undefined) {
		await vscode.commands.executeCommand('vscode.openWith', uri, view);
		return;
	}
	const file = await chooseDefinition(services, argument);
	if (file !== undefined) await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file.path), view);
}

function activeDefinition(argument: DefinitionArgument): vscode.Uri | undefined {
	if (argument !== undefined) return undefined;
	const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
	if (input instanceof vscode.TabInputCustom && input.viewType === editors.definition) return input.uri;
	const document = vscode.window.activeTextEditor?.document;
	return document?.languageId === 'xml' ? document.uri : undefined;
}

async function duplicate({ definitions, ui }: Services, file: DefinitionFile): Promise<void> {
	const original = vscode.Uri.file(file.path);
	const name = vscode.l10n.t('{0} (copy)', file.name);
	const target = await ui.saveDialog({
		title: vscode.l10n.t('Duplicate {0}', file.name),
		defaultUri: vscode.Uri.file(freePath(definitions.folder, name)),
		filters: { XML: ['xml'] },
	});
	if (target === undefined) return;
	const text = Buffer.from(await vscode.workspace.fs.readFile(original)).toString('utf8');
	const renamed = { name: basename(target.fsPath).replace(/\.xml$/i, '') };
	// What cannot be read is copied as it stands; comments and formatting of the rest stay.
	const copy =
		file.definition === undefined ? text : applyEdits(text, changeDefinition(text, { ...file.definition, ...renamed }));
	await vscode.workspace.fs.writeFile(target, Buffer.from(copy));
	definitions.refresh();
	await vscode.commands.executeCommand('vscode.openWith', target, editors.definition);
}

async function restrictPermissions({ rights, ui }: Services, file: DefinitionFile): Promise<void> {
	const open = await openPathsOf(await rights(), file.path, file.definition);
	await (await rights()).restrict(open);
	const text =
		open.length === 0
			? vscode.l10n.t('Only you and administrators may write {0} already.', file.name)
			: vscode.l10n.t('Only you and administrators may write these now: {0}', open.map(({ path }) => path).join(', '));
	void ui.tell('info', text);
}
