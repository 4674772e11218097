import * as vscode from 'vscode';
import { DefinitionText } from '../../xml/document.ts';
import { isDefinitionText, sniffLength } from '../definitions/sniff.ts';

/** What the language is offered for: any XML document; whether it is one of ours is told by its root. */
export const xmlSelector: vscode.DocumentSelector = { language: 'xml' };

/** Schemes whose documents are old or foreign versions of a text, and are not judged. */
const pastSchemes = ['git', 'gitfs', 'scm', 'output', 'vscode-local-history', 'chat-editing-snapshot-text-model'];

interface Parsed {
	readonly version: number;
	readonly definition: DefinitionText;
}

const parsed = new WeakMap<vscode.TextDocument, Parsed>();

/** The document as the language service sees it, parsed once for each version; undefined when it is none of ours. */
export function definitionOf(document: vscode.TextDocument): DefinitionText | undefined {
	return isDefinition(document) ? textOf(document) : undefined;
}

/** As `definitionOf`, also for a document that has no root yet and may become one. */
export function definitionOrDraft(document: vscode.TextDocument): DefinitionText | undefined {
	if (isDefinition(document)) return textOf(document);
	if (document.languageId !== 'xml' || document.lineCount > 20) return undefined;
	const text = textOf(document);
	const { root } = text.xml;
	const begun = root === undefined || (root.openEnd === root.nameSpan.end && 'backup_definition'.startsWith(root.name));
	return begun ? text : undefined;
}

export function isDefinition(document: vscode.TextDocument): boolean {
	if (document.languageId !== 'xml' || pastSchemes.includes(document.uri.scheme)) return false;
	const end = document.positionAt(sniffLength);
	return isDefinitionText(document.getText(new vscode.Range(new vscode.Position(0, 0), end)));
}

function textOf(document: vscode.TextDocument): DefinitionText {
	const known = parsed.get(document);
	if (known?.version === document.version) return known.definition;
	const definition = new DefinitionText(document.getText());
	parsed.set(document, { version: document.version, definition });
	return definition;
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
