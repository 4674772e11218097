import * as vscode from 'vscode';
import type { TextEdit } from '../../definition/xml/edits.ts';
import { lenses, type LensAction } from '../../xml/lenses.ts';
import { commands, settings } from '../ids.ts';
import { languageCommands } from './commands.ts';
import { toRange, toWorkspaceEdit } from './convert.ts';
import { definitionOf } from './parsed.ts';
import { surroundings } from './surroundings.ts';

/** Run, next run and form above the root; next run, on and off above each schedule. */
export function lensProvider(version: string): vscode.CodeLensProvider {
	return {
		provideCodeLenses(document) {
			if (!vscode.workspace.getConfiguration('afterimage').get<boolean>(settings.codeLens, true)) return undefined;
			const definition = definitionOf(document);
			return (
				definition &&
				lenses(definition, surroundings(version)).flatMap(({ span, action }) => {
					const command = commandOf(document, action);
					return command === undefined ? [] : new vscode.CodeLens(toRange(document, span), command);
				})
			);
		},
	};
}

function commandOf(document: vscode.TextDocument, action: LensAction): vscode.Command | undefined {
	const { uri } = document;
	switch (action.kind) {
		case 'run-full':
			return { title: `$(play) ${vscode.l10n.t('Run full')}`, command: commands.runFull, arguments: [uri] };
		case 'run-incremental':
			return {
				title: `$(run-above) ${vscode.l10n.t('Run incremental')}`,
				command: commands.runIncremental,
				arguments: [uri],
			};
		case 'open-form':
			return { title: `$(edit) ${vscode.l10n.t('Open form')}`, command: commands.editAsForm, arguments: [uri] };
		case 'next':
			return {
				title: `$(calendar) ${
					action.text === undefined ? vscode.l10n.t('No run is planned') : vscode.l10n.t('Next: {0}', action.text)
				}`,
				command: commands.scheduleDefinition,
				arguments: [uri],
				tooltip: vscode.l10n.t('Install the schedules of this definition'),
			};
		case 'enable':
		case 'disable':
			return {
				title: action.kind === 'enable' ? vscode.l10n.t('Turn on') : vscode.l10n.t('Turn off'),
				command: languageCommands.edit,
				arguments: [uri, [action.edit], document.version],
			};
	}
}

/** @param made version of the document that the edits were made for; for another one they would be wrong */
export async function applyEdits(uri: vscode.Uri, edits: readonly TextEdit[], made: number): Promise<void> {
	const document = await vscode.workspace.openTextDocument(uri);
	if (document.version === made) await vscode.workspace.applyEdit(toWorkspaceEdit(document, edits));
}
