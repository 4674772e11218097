import * as vscode from 'vscode';
import { complete } from '../../xml/completion.ts';
import type { CompletionItem, CompletionKind } from '../../xml/completion/item.ts';
import type { LiveFacts } from '../../xml/live-facts.ts';
import { toEdits, toRange } from './convert.ts';
import { definitionOrDraft } from './parsed.ts';
import { hasRedHat } from './red-hat.ts';
import { surroundings } from './surroundings.ts';

const kinds: Readonly<Record<CompletionKind, vscode.CompletionItemKind>> = {
	element: vscode.CompletionItemKind.Property,
	attribute: vscode.CompletionItemKind.Field,
	value: vscode.CompletionItemKind.EnumMember,
	parameter: vscode.CompletionItemKind.Variable,
	block: vscode.CompletionItemKind.Snippet,
	'end-tag': vscode.CompletionItemKind.Property,
	disk: vscode.CompletionItemKind.Module,
	partition: vscode.CompletionItemKind.Unit,
	folder: vscode.CompletionItemKind.Folder,
};

/** What an XML editor with our schema offers as well. */
const common: readonly CompletionKind[] = ['element', 'attribute', 'end-tag'];

export function completionProvider(facts: LiveFacts, version: string): vscode.CompletionItemProvider {
	return {
		async provideCompletionItems(document, position, token, context) {
			const definition = definitionOrDraft(document);
			if (definition === undefined) return undefined;
			const offset = document.offsetAt(position);
			if (!isWanted(definition.text, offset, context)) return undefined;
			const items = await complete(definition, offset, facts, surroundings(version));
			if (token.isCancellationRequested) return undefined;
			const shown = hasRedHat() ? items.filter(({ kind }) => !common.includes(kind)) : items;
			// What can follow depends on every character of a path or a parameter.
			const changes = items.some(({ kind }) => kind === 'folder');
			return new vscode.CompletionList(
				shown.map((item) => toItem(document, item)),
				changes,
			);
		},
	};
}

/** A trigger character typed where it begins nothing opens no list. */
function isWanted(text: string, offset: number, { triggerCharacter }: vscode.CompletionContext): boolean {
	if (triggerCharacter === '>') return /<[^<>/!?]+>$/.test(text.slice(Math.max(0, offset - 200), offset));
	if (triggerCharacter === ' ') return /<[\w:.-]+(\s[^<>]*)?$/.test(text.slice(Math.max(0, offset - 1000), offset));
	return true;
}

function toItem(document: vscode.TextDocument, item: CompletionItem): vscode.CompletionItem {
	const result = new vscode.CompletionItem({ label: item.label, description: item.detail ?? '' }, kinds[item.kind]);
	result.range = toRange(document, item.span);
	result.insertText = item.snippet ? new vscode.SnippetString(item.text) : item.text;
	result.filterText = item.filter;
	result.sortText = item.order;
	if (item.documentation !== undefined && item.documentation !== '') {
		result.documentation = new vscode.MarkdownString(item.documentation);
	}
	if (item.more !== undefined) result.additionalTextEdits = toEdits(document, item.more);
	if (item.suggestNext === true) result.command = { title: '', command: 'editor.action.triggerSuggest' };
	return result;
}
