import * as vscode from 'vscode';
import { inlayHints } from '../../xml/inlay-hints.ts';
import { settings } from '../ids.ts';
import { definitionOf, xmlSelector } from './documents.ts';
import type { CachedFacts } from './live-facts.ts';

/** Models beside disk signatures and readable sizes beside bytes. */
export function registerHints(facts: CachedFacts): vscode.Disposable {
	const changed = new vscode.EventEmitter<void>();
	return vscode.Disposable.from(
		changed,
		facts.onListed(() => changed.fire()),
		vscode.workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration(`afterimage.${settings.inlayHints}`)) changed.fire();
		}),
		vscode.languages.registerInlayHintsProvider(xmlSelector, {
			onDidChangeInlayHints: changed.event,
			async provideInlayHints(document, range) {
				if (!vscode.workspace.getConfiguration('afterimage').get<boolean>(settings.inlayHints, true)) return undefined;
				const definition = definitionOf(document);
				if (definition === undefined) return undefined;
				const hints = await inlayHints(definition, facts);
				return hints
					.map(({ offset, text, tooltip }) => {
						const hint = new vscode.InlayHint(document.positionAt(offset), text);
						hint.paddingLeft = true;
						if (tooltip !== undefined) hint.tooltip = tooltip;
						return hint;
					})
					.filter(({ position }) => range.contains(position));
			},
		}),
	);
}
