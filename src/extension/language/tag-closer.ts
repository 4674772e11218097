import * as vscode from 'vscode';
import { isDefinition } from './documents.ts';
import { hasRedHat } from './red-hat.ts';

/** How long a keystroke gets to move the cursor, in milliseconds. */
const settle = 100;

/**
 * Puts in the end tag when somebody types the `>` of a start tag, or a `</`.
 * @param endTagAt the end tag that a place asks for, as a snippet
 */
export function closeTags(
	endTagAt: (document: vscode.TextDocument, offset: number) => Promise<string | undefined>,
): vscode.Disposable {
	return vscode.workspace.onDidChangeTextDocument((change) => void closeTag(change, endTagAt));
}

async function closeTag(
	{ document, contentChanges, reason }: vscode.TextDocumentChangeEvent,
	endTagAt: (document: vscode.TextDocument, offset: number) => Promise<string | undefined>,
): Promise<void> {
	const [change] = contentChanges;
	const editor = vscode.window.activeTextEditor;
	if (contentChanges.length !== 1 || change === undefined || reason !== undefined || editor?.document !== document)
		return;
	if (!/^[>/]$/.test(change.text) || change.rangeLength > 0 || hasRedHat() || !isDefinition(document)) return;
	const { version } = document;
	const typed = change.rangeOffset + 1;
	// The cursor moves behind what was typed only after this event.
	const [snippet] = await Promise.all([endTagAt(document, typed), new Promise((later) => setTimeout(later, settle))]);
	if (snippet === undefined || document.version !== version || editor.selections.length !== 1) return;
	await editor.insertSnippet(new vscode.SnippetString(snippet), document.positionAt(typed));
}
