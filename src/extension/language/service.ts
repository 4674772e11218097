import * as vscode from 'vscode';
import { codeActionProvider, runFix, type FixArguments } from './code-actions.ts';
import { completionProvider } from './completion.ts';
import { DefinitionDiagnostics } from './diagnostics.ts';
import { endTagAt, formatProvider, linkedNamesProvider, renameProvider } from './editing.ts';
import { hintsProvider } from './hints.ts';
import { hoverProvider } from './hover.ts';
import { applyEdits, lensProvider } from './lenses.ts';
import type { CachedFacts } from './live-facts.ts';
import { highlightProvider, linkProvider, reveal, schemaLinkProvider } from './navigation.ts';
import { foldingProvider, symbolProvider } from './structure.ts';

export type LanguageService = ReturnType<typeof createService>;

/** What the language can do, with the parser, the schema and the rules: loaded when the first definition is seen. */
export function createService(
	{ extension, extensionUri }: vscode.ExtensionContext,
	facts: CachedFacts,
	problems: vscode.DiagnosticCollection,
) {
	const { version } = extension.packageJSON as { version: string };
	const inFolder = (...path: string[]) => vscode.Uri.joinPath(extensionUri, ...path);
	const diagnostics = new DefinitionDiagnostics(problems, facts, inFolder('docs', 'rules'));
	return {
		codeActions: codeActionProvider(diagnostics),
		completion: completionProvider(facts, version),
		folding: foldingProvider,
		format: formatProvider,
		highlights: highlightProvider,
		hints: hintsProvider(facts),
		hover: hoverProvider(facts, version),
		lenses: lensProvider(version),
		linkedNames: linkedNamesProvider,
		links: linkProvider,
		rename: renameProvider,
		schemaLinks: schemaLinkProvider(inFolder('schema', 'backup-definition.xsd')),
		symbols: symbolProvider,
		applyEdits,
		endTagAt,
		reveal,
		runFix: async (...fix: FixArguments) => runFix(await facts.rights(), ...fix),
		dispose: () => diagnostics.dispose(),
	};
}
