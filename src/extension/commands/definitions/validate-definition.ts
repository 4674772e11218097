import * as vscode from 'vscode';
import type { DefinitionProblem } from '../../../definition/problem.ts';
import { checkText } from '../../definitions/check-definition.ts';
import type { DefinitionFile } from '../../definitions/definition-file.ts';
import { diagnosticsOf } from '../../definitions/diagnostics.ts';
import { openScripts } from '../../rights/definition-permissions.ts';
import type { Services } from '../../services.ts';

/** Checks a definition, lists what is wrong with it under Problems and says how it stands. Settles with the problems. */
export async function validateDefinition(
	{ diagnostics, rights, ui }: Services,
	{ path, definition }: DefinitionFile,
): Promise<readonly DefinitionProblem[]> {
	const uri = vscode.Uri.file(path);
	const document = await vscode.workspace.openTextDocument(uri);
	const open = new Set(definition === undefined ? [] : await openScripts(await rights(), definition));
	const problems = checkText(document.getText(), {
		definitionPath: path,
		writableByOthers: (script) => open.has(script),
	});
	diagnostics.set(uri, diagnosticsOf(document, problems));
	const name = vscode.workspace.asRelativePath(uri);
	if (problems.length === 0) {
		void ui.tell('info', vscode.l10n.t('{0} is valid.', name));
		return problems;
	}
	const errors = problems.filter(({ severity }) => severity === 'error').length;
	const text =
		errors > 0
			? vscode.l10n.t('{0} has {1} errors and {2} warnings.', name, errors, problems.length - errors)
			: vscode.l10n.t('{0} is valid, with {1} warnings.', name, problems.length);
	const show = vscode.l10n.t('Show Problems');
	void ui.tell(errors > 0 ? 'error' : 'warning', text, show).then((answer) => {
		if (answer === show) void vscode.commands.executeCommand('workbench.actions.view.problems');
	});
	return problems;
}
