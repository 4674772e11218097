import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { registerCodeActions } from './code-actions.ts';
import { registerCompletion } from './completion.ts';
import { DefinitionDiagnostics } from './diagnostics.ts';
import { recogniseByRoot } from './documents.ts';
import { registerEditing } from './editing.ts';
import { registerHints } from './hints.ts';
import { registerHover } from './hover.ts';
import { registerLenses } from './lenses.ts';
import { CachedFacts, type LanguageFacts } from './live-facts.ts';
import { registerNavigation } from './navigation.ts';
import { shareSchema } from './red-hat.ts';
import { registerStructure } from './structure.ts';

/** Everything that an editor does for the XML of a backup definition, whatever its file is called and wherever it lies. */
export function registerLanguage(
	context: vscode.ExtensionContext,
	facts: LanguageFacts,
	problems: vscode.DiagnosticCollection,
	onError: (error: unknown) => void,
): vscode.Disposable {
	const { extensionUri, extensionPath } = context;
	const { version } = context.extension.packageJSON as { version: string };
	const cached = new CachedFacts(facts, onError);
	const diagnostics = new DefinitionDiagnostics(problems, cached, vscode.Uri.joinPath(extensionUri, 'docs', 'rules'));
	return vscode.Disposable.from(
		cached,
		diagnostics,
		recogniseByRoot(),
		registerCodeActions(diagnostics, onError),
		registerCompletion(cached, version),
		registerHover(cached, version),
		registerStructure(),
		registerEditing(),
		registerNavigation(vscode.Uri.joinPath(extensionUri, 'schema', 'backup-definition.xsd')),
		registerLenses(version),
		registerHints(cached),
		shareSchema(extensionPath, onError),
	);
}

/** The language, with the disks of the view Local Disks. */
export function contributeLanguage({ context, diagnostics, output, trees }: Services): vscode.Disposable {
	const onError = (error: unknown): void => {
		output.warn('Language:', error instanceof Error ? error.message : String(error));
	};
	const facts = { disks: () => trees.disks.disks(), onChanged: trees.disks.onDidChangeTreeData };
	return registerLanguage(context, facts, diagnostics, onError);
}
