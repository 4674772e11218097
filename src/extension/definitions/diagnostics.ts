import * as vscode from 'vscode';
import type { DefinitionProblem, Severity } from '../../definition/problem.ts';
import { t } from '../l10n.ts';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
	error: vscode.DiagnosticSeverity.Error,
	warning: vscode.DiagnosticSeverity.Warning,
	information: vscode.DiagnosticSeverity.Information,
};

/** Problems of a definition as the list Problems and the editor show them. */
export function diagnosticsOf(
	document: vscode.TextDocument,
	problems: readonly DefinitionProblem[],
): readonly vscode.Diagnostic[] {
	return problems.map((problem) => {
		const range = new vscode.Range(document.positionAt(problem.start), document.positionAt(problem.end));
		const diagnostic = new vscode.Diagnostic(range, problem.wording(t), severities[problem.severity]);
		diagnostic.code = problem.code;
		diagnostic.source = 'afterimage';
		return diagnostic;
	});
}
