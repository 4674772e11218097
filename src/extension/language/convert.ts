import * as vscode from 'vscode';
import type { TextEdit } from '../../definition/xml/edits.ts';
import type { Span } from '../../definition/xml/tree.ts';

export function toRange(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
	return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

export function toSpan(document: vscode.TextDocument, range: vscode.Range): Span {
	return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}

export function toEdits(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.TextEdit[] {
	return edits.map((edit) => new vscode.TextEdit(toRange(document, edit), edit.text));
}

export function toWorkspaceEdit(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
	const result = new vscode.WorkspaceEdit();
	result.set(document.uri, toEdits(document, edits));
	return result;
}
