import type * as vscode from 'vscode';
import { DefinitionText } from '../../xml/document.ts';
import { isDefinition, mayBecomeDefinition } from './documents.ts';

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
	if (!mayBecomeDefinition(document)) return undefined;
	const text = textOf(document);
	const { root } = text.xml;
	const begun = root === undefined || (root.openEnd === root.nameSpan.end && 'backup_definition'.startsWith(root.name));
	return begun ? text : undefined;
}

function textOf(document: vscode.TextDocument): DefinitionText {
	const known = parsed.get(document);
	if (known?.version === document.version) return known.definition;
	const definition = new DefinitionText(document.getText());
	parsed.set(document, { version: document.version, definition });
	return definition;
}
