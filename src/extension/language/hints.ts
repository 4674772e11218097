import * as vscode from 'vscode';
import { inlayHints } from '../../xml/inlay-hints.ts';
import type { LiveFacts } from '../../xml/live-facts.ts';
import { settings } from '../ids.ts';
import { definitionOf } from './parsed.ts';
import { words } from './surroundings.ts';

/** Models beside disk signatures and readable sizes beside bytes. */
export function hintsProvider(facts: LiveFacts): vscode.InlayHintsProvider {
	return {
		async provideInlayHints(document, range) {
			if (!vscode.workspace.getConfiguration('afterimage').get<boolean>(settings.inlayHints, true)) return undefined;
			const definition = definitionOf(document);
			if (definition === undefined) return undefined;
			const hints = await inlayHints(definition, facts, words);
			return hints
				.map(({ offset, text, tooltip }) => {
					const hint = new vscode.InlayHint(document.positionAt(offset), text);
					hint.paddingLeft = true;
					if (tooltip !== undefined) hint.tooltip = tooltip;
					return hint;
				})
				.filter(({ position }) => range.contains(position));
		},
	};
}
