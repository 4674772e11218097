import * as vscode from 'vscode';
import type { DefinitionProblem } from '../../definition/problem.ts';
import type { FixCommand, QuickFix } from '../../xml/fixes/fix.ts';
import { quickFixes } from '../../xml/quick-fixes.ts';
import { t } from '../l10n.ts';
import type { FileRights } from '../rights/file-rights.ts';
import { toRange, toWorkspaceEdit } from './convert.ts';
import { languageCommands } from './commands.ts';
import { source, type DefinitionDiagnostics } from './diagnostics.ts';
import { definitionOf } from './parsed.ts';

export function codeActionProvider(diagnostics: DefinitionDiagnostics): vscode.CodeActionProvider {
	return {
		provideCodeActions(document, range, context) {
			const definition = definitionOf(document);
			if (definition === undefined) return undefined;
			if (context.only !== undefined && !context.only.contains(vscode.CodeActionKind.QuickFix)) return undefined;
			// All that was found, not only what is shown: another extension may show the same thing.
			return diagnostics
				.problemsOf(document)
				.filter((problem) => range.intersection(toRange(document, problem)) !== undefined)
				.flatMap((problem) =>
					quickFixes(definition, problem, new Date(), t).map((fix) =>
						toAction(document, problem, fix, context.diagnostics),
					),
				);
		},
	};
}

function toAction(
	document: vscode.TextDocument,
	problem: DefinitionProblem,
	{ title, edits, preferred, command }: QuickFix,
	shown: readonly vscode.Diagnostic[],
): vscode.CodeAction {
	const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
	action.isPreferred = preferred;
	const range = toRange(document, problem);
	action.diagnostics = shown.filter((one) => one.source === source && one.range.isEqual(range));
	if (edits.length > 0) action.edit = toWorkspaceEdit(document, edits);
	if (command !== undefined) {
		action.command = { title, command: languageCommands.fix, arguments: [command, document.uri, problem] };
	}
	return action;
}

export type FixArguments = [command: FixCommand, uri: vscode.Uri, problem: DefinitionProblem];

/** Does what a fix needs besides an edit. */
export async function runFix(rights: FileRights, ...[command, uri, problem]: FixArguments): Promise<void> {
	if (command === 'save-elsewhere') {
		await vscode.window.showTextDocument(uri);
		await vscode.commands.executeCommand('workbench.action.files.saveAs');
		return;
	}
	const document = await vscode.workspace.openTextDocument(uri);
	const range = toRange(document, problem);
	if (command === 'restrict-permissions') {
		await rights.restrict(await rights.openPaths(document.getText(range).trim()));
		// Nothing in the text has changed; saving it looks at the files again.
		await document.save();
		return;
	}
	const folders = command === 'choose-folder';
	const [chosen] =
		(await vscode.window.showOpenDialog({
			canSelectFolders: folders,
			canSelectFiles: !folders,
			canSelectMany: false,
		})) ?? [];
	if (chosen === undefined) return;
	const edit = new vscode.WorkspaceEdit();
	edit.replace(uri, range, escapeXml(chosen.fsPath));
	await vscode.workspace.applyEdit(edit);
}

function escapeXml(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
