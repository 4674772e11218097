import * as vscode from 'vscode';
import { hover } from '../../xml/hover.ts';
import type { LiveFacts } from '../../xml/live-facts.ts';
import { toRange } from './convert.ts';
import { definitionOf } from './parsed.ts';
import { hasRedHat } from './red-hat.ts';
import { surroundings } from './surroundings.ts';

export function hoverProvider(facts: LiveFacts, version: string): vscode.HoverProvider {
	return {
		async provideHover(document, position) {
			const definition = definitionOf(document);
			if (definition === undefined) return undefined;
			const found = await hover(definition, document.offsetAt(position), facts, surroundings(version));
			if (found === undefined) return undefined;
			// The text of the schema is the first part; Red Hat's extension shows it too.
			const parts = hasRedHat() ? found.parts.slice(1) : found.parts;
			if (parts.length === 0) return undefined;
			return new vscode.Hover(
				parts.map((part) => new vscode.MarkdownString(part)),
				toRange(document, found.span),
			);
		},
	};
}
