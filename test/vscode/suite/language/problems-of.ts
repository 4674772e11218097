import * as vscode from 'vscode';

/** Our problems of a document. */
export const diagnosticsOf = (uri: vscode.Uri) =>
	vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'afterimage');
/** Their codes. */
export const codesOf = (uri: vscode.Uri) =>
	diagnosticsOf(uri).map(({ code }) => (typeof code === 'object' ? String(code.value) : String(code)));
