import * as vscode from 'vscode';
import { ask, open } from './documents.ts';

/** What is offered at the `|` in a text. @param trigger the character that was typed, if one asks for them */
export async function completions(marked: string, trigger?: string): Promise<vscode.CompletionItem[]> {
	const { editor, at } = await open(marked);
	const list = await ask<vscode.CompletionList>(
		'vscode.executeCompletionItemProvider',
		editor.document.uri,
		at,
		trigger,
	);
	// Words of other documents are no offer of ours.
	return list.items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Text);
}

export const labelOf = ({ label }: vscode.CompletionItem) => (typeof label === 'string' ? label : label.label);
