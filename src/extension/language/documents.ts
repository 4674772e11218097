import * as vscode from 'vscode';
import { isDefinitionText, sniffLength } from '../../definition/sniff.ts';

/** What the language is offered for: any XML document; whether it is one of ours is told by its root. */
export const xmlSelector: vscode.DocumentSelector = { language: 'xml' };

/** Schemes whose documents are old or foreign versions of a text, and are not judged. */
const pastSchemes = ['git', 'gitfs', 'scm', 'output', 'vscode-local-history', 'chat-editing-snapshot-text-model'];

/** Whether a document is a backup definition, whatever its file is called. */
export function isDefinition(document: vscode.TextDocument): boolean {
	if (document.languageId !== 'xml' || pastSchemes.includes(document.uri.scheme)) return false;
	const end = document.positionAt(sniffLength);
	return isDefinitionText(document.getText(new vscode.Range(new vscode.Position(0, 0), end)));
}

/** Whether a document is so short that its root may still be typed. */
export function mayBecomeDefinition(document: vscode.TextDocument): boolean {
	return document.languageId === 'xml' && document.lineCount <= 20;
}

/** Gives files whose name does not tell that they are XML, but whose root is ours, the language XML. */
export function recogniseByRoot(): vscode.Disposable {
	const look = (document: vscode.TextDocument): void => {
		if (document.languageId !== 'plaintext' || pastSchemes.includes(document.uri.scheme)) return;
		if (
			isDefinitionText(document.getText(new vscode.Range(new vscode.Position(0, 0), document.positionAt(sniffLength))))
		) {
			void vscode.languages.setTextDocumentLanguage(document, 'xml');
		}
	};
	for (const document of vscode.workspace.textDocuments) look(document);
	return vscode.workspace.onDidOpenTextDocument(look);
}
