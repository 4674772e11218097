import * as vscode from 'vscode';
import type { Span } from '../../definition/xml/tree.ts';
import { autoClose } from '../../xml/auto-close.ts';
import { format } from '../../xml/format.ts';
import { linkedNames } from '../../xml/linked-editing.ts';
import { objectionToName, renameableAt, renameAt } from '../../xml/rename.ts';
import { toEdits, toRange, toSpan, toWorkspaceEdit } from './convert.ts';
import { definitionOf } from './parsed.ts';
import { hasRedHat } from './red-hat.ts';

export const formatProvider: vscode.DocumentFormattingEditProvider & vscode.DocumentRangeFormattingEditProvider = {
	provideDocumentFormattingEdits: (document, options) => formatted(document, options),
	provideDocumentRangeFormattingEdits: (document, range, options) =>
		formatted(document, options, toSpan(document, range)),
};

/** Start and end tag, which are typed together. */
export const linkedNamesProvider: vscode.LinkedEditingRangeProvider = {
	provideLinkedEditingRanges(document, position) {
		const definition = hasRedHat() ? undefined : definitionOf(document);
		const spans = definition && linkedNames(definition, document.offsetAt(position));
		return spans && new vscode.LinkedEditingRanges(spans.map((span) => toRange(document, span)));
	},
};

export const renameProvider = {
	prepareRename(document: vscode.TextDocument, position: vscode.Position): vscode.Range | undefined {
		const definition = definitionOf(document);
		if (definition === undefined) return undefined;
		const span = renameableAt(definition, document.offsetAt(position));
		if (span === undefined) throw new Error(vscode.l10n.t('Only the names of tags can be renamed.'));
		return toRange(document, span);
	},
	provideRenameEdits(document: vscode.TextDocument, position: vscode.Position, name: string) {
		const definition = definitionOf(document);
		if (definition === undefined) return undefined;
		const objection = objectionToName(name, vscode.l10n.t);
		if (objection !== undefined) throw new Error(objection);
		return toWorkspaceEdit(document, renameAt(definition, document.offsetAt(position), name));
	},
} satisfies vscode.RenameProvider;

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

/** The end tag that a `>` or `</` at this place asks for, as a snippet. @param offset behind what was typed */
export function endTagAt(document: vscode.TextDocument, offset: number): string | undefined {
	const definition = definitionOf(document);
	return definition && autoClose(definition, offset);
}
