import * as vscode from 'vscode';
import type { Span } from '../../definition/xml/tree.ts';
import { autoClose } from '../../xml/auto-close.ts';
import { format } from '../../xml/format.ts';
import { linkedNames } from '../../xml/linked-editing.ts';
import { objectionToName, renameableAt, renameAt } from '../../xml/rename.ts';
import { toEdits, toRange, toSpan, toWorkspaceEdit } from './convert.ts';
import { definitionOf, xmlSelector } from './documents.ts';
import { hasRedHat } from './red-hat.ts';

/** Formatting, tags that are edited and renamed together, and tags that close themselves. */
export function registerEditing(): vscode.Disposable {
	return vscode.Disposable.from(
		vscode.languages.registerDocumentFormattingEditProvider(xmlSelector, {
			provideDocumentFormattingEdits: (document, options) => formatted(document, options),
		}),
		vscode.languages.registerDocumentRangeFormattingEditProvider(xmlSelector, {
			provideDocumentRangeFormattingEdits: (document, range, options) =>
				formatted(document, options, toSpan(document, range)),
		}),
		vscode.languages.registerLinkedEditingRangeProvider(xmlSelector, {
			provideLinkedEditingRanges(document, position) {
				const definition = hasRedHat() ? undefined : definitionOf(document);
				const spans = definition && linkedNames(definition, document.offsetAt(position));
				return spans && new vscode.LinkedEditingRanges(spans.map((span) => toRange(document, span)));
			},
		}),
		vscode.languages.registerRenameProvider(xmlSelector, {
			prepareRename(document, position) {
				const definition = definitionOf(document);
				if (definition === undefined) return undefined;
				const span = renameableAt(definition, document.offsetAt(position));
				if (span === undefined) throw new Error(vscode.l10n.t('Only the names of tags can be renamed.'));
				return toRange(document, span);
			},
			provideRenameEdits(document, position, name) {
				const definition = definitionOf(document);
				if (definition === undefined) return undefined;
				const objection = objectionToName(name);
				if (objection !== undefined) throw new Error(objection);
				return toWorkspaceEdit(document, renameAt(definition, document.offsetAt(position), name));
			},
		}),
		vscode.workspace.onDidChangeTextDocument((change) => void closeTag(change)),
	);
}

function formatted(
	document: vscode.TextDocument,
	{ insertSpaces, tabSize }: vscode.FormattingOptions,
	range?: Span,
): vscode.TextEdit[] | undefined {
	const definition = definitionOf(document);
	if (definition === undefined) return undefined;
	const indent = insertSpaces ? ' '.repeat(tabSize) : '\t';
	return toEdits(document, format(definition, { indent, tabSize }, range));
}

/** How long a keystroke gets to move the cursor, in milliseconds. */
const settle = 100;

/** Puts in the end tag when somebody types the `>` of a start tag, or a `</`. */
async function closeTag({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): Promise<void> {
	const [change] = contentChanges;
	const editor = vscode.window.activeTextEditor;
	if (contentChanges.length !== 1 || change === undefined || reason !== undefined || editor?.document !== document)
		return;
	if (!/^[>/]$/.test(change.text) || change.rangeLength > 0 || hasRedHat()) return;
	const definition = definitionOf(document);
	const snippet = definition && autoClose(definition, change.rangeOffset + 1);
	if (snippet === undefined) return;
	const { version } = document;
	// The cursor moves behind what was typed only after this event.
	await new Promise((later) => setTimeout(later, settle));
	if (document.version !== version || editor.selections.length !== 1) return;
	const at = document.positionAt(change.rangeOffset + 1);
	await editor.insertSnippet(new vscode.SnippetString(snippet), at);
}
