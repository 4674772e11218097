import * as vscode from 'vscode';
import type { DefinitionProblem, Severity } from '../../definition/problem.ts';
import { checkText } from '../definitions/check-definition.ts';
import type { Services } from '../services.ts';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
	error: vscode.DiagnosticSeverity.Error,
	warning: vscode.DiagnosticSeverity.Warning,
	information: vscode.DiagnosticSeverity.Information,
};

let shown: vscode.DiagnosticCollection | undefined;

/** Checks a definition, lists what is wrong with it under Problems and says how it stands. Settles with the problems. */
export async function validateDefinition(
	{ context, ui }: Services,
	path: string,
): Promise<readonly DefinitionProblem[]> {
	const uri = vscode.Uri.file(path);
	const document = await vscode.workspace.openTextDocument(uri);
	const problems = checkText(document.getText());
	if (shown === undefined) {
		shown = vscode.languages.createDiagnosticCollection('afterimage');
		context.subscriptions.push(shown);
	}
	shown.set(
		uri,
		problems.map((problem) => {
			const range = new vscode.Range(document.positionAt(problem.start), document.positionAt(problem.end));
			const diagnostic = new vscode.Diagnostic(range, problem.message, severities[problem.severity]);
			diagnostic.code = problem.code;
			diagnostic.source = 'afterimage';
			return diagnostic;
		}),
	);
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
