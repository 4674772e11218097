import * as vscode from 'vscode';
import { settings } from '../ids.ts';
import { lazily } from '../lazily.ts';
import type { Services } from '../services.ts';
import { languageCommands } from './commands.ts';
import { isDefinition, mayBecomeDefinition, recogniseByRoot, xmlSelector } from './documents.ts';
import { CachedFacts, type LanguageFacts } from './live-facts.ts';
import { shareSchema } from './red-hat.ts';
import type { LanguageService } from './service.ts';
import { closeTags } from './tag-closer.ts';

/** Times of the next runs are brought up to date this often, in milliseconds. */
const refreshEvery = 60_000;

const completionTriggers = ['<', '/', ' ', '"', "'", '{', '>', '\\'];

/**
 * Everything that an editor does for the XML of a backup definition, whatever its file is called and wherever it lies.
 * Providers are there at once; what they do is loaded when the first definition is seen or something is asked of one.
 */
function registerLanguage(
	context: vscode.ExtensionContext,
	facts: LanguageFacts,
	problems: vscode.DiagnosticCollection,
	onError: (error: unknown) => void,
): vscode.Disposable {
	const cached = new CachedFacts(facts, onError);
	const parts: vscode.Disposable[] = [cached];
	const service = lazily(async () => {
		const { createService } = await import('./service.ts');
		const made = createService(context, cached, problems);
		parts.push(made);
		return made;
	});
	parts.push(
		wakeAtDefinition(() => service().catch(onError)),
		recogniseByRoot(),
		closeTags(async (document, offset) => (await service()).endTagAt(document, offset)),
		registerProviders(service),
		registerRefreshed(service, cached),
		registerLanguageCommands(service, onError),
		shareSchema(context, onError),
	);
	return new vscode.Disposable(() => void vscode.Disposable.from(...parts).dispose());
}

/** The language, with the disks of the view Local Disks. */
export function contributeLanguage({ context, diagnostics, output, rights, trees }: Services): vscode.Disposable {
	const onError = (error: unknown): void => {
		output.warn('Language:', error instanceof Error ? error.message : String(error));
	};
	const facts = { disks: () => trees.disks.disks(), onChanged: trees.disks.onDidChangeTreeData, rights };
	return registerLanguage(context, facts, diagnostics, onError);
}

type Load = () => Promise<LanguageService>;

/** Calls once, as soon as a document is open that is a definition: its problems are shown without a question. */
function wakeAtDefinition(wake: () => unknown): vscode.Disposable {
	const look = (document: vscode.TextDocument): void => {
		if (!isDefinition(document)) return;
		watching.dispose();
		wake();
	};
	const watching = vscode.Disposable.from(
		vscode.workspace.onDidOpenTextDocument(look),
		vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
	);
	const open = vscode.workspace.textDocuments.find(isDefinition);
	if (open !== undefined) look(open);
	return watching;
}

/** Answers of the service for documents of ours; others get none, and nothing is loaded for them. */
function answering(service: Load, isOurs = isDefinition) {
	return <A extends [vscode.TextDocument, ...unknown[]], R>(
			answer: (service: LanguageService, ...args: A) => vscode.ProviderResult<R>,
		) =>
		async (...args: A): Promise<R | null | undefined> =>
			isOurs(args[0]) ? answer(await service(), ...args) : undefined;
}

function registerProviders(service: Load): vscode.Disposable {
	const { languages } = vscode;
	const ask = answering(service);
	const askOfDraft = answering(service, (document) => isDefinition(document) || mayBecomeDefinition(document));
	return vscode.Disposable.from(
		languages.registerCompletionItemProvider(
			xmlSelector,
			{ provideCompletionItems: askOfDraft(({ completion }, ...args) => completion.provideCompletionItems(...args)) },
			...completionTriggers,
		),
		languages.registerHoverProvider(xmlSelector, {
			provideHover: ask(({ hover }, ...args) => hover.provideHover(...args)),
		}),
		languages.registerCodeActionsProvider(
			xmlSelector,
			{ provideCodeActions: ask(({ codeActions }, ...args) => codeActions.provideCodeActions(...args)) },
			{ providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
		),
		languages.registerDocumentSymbolProvider(
			xmlSelector,
			{ provideDocumentSymbols: ask(({ symbols }, ...args) => symbols.provideDocumentSymbols(...args)) },
			{ label: 'Afterimage' },
		),
		languages.registerFoldingRangeProvider(xmlSelector, {
			provideFoldingRanges: ask(({ folding }, ...args) => folding.provideFoldingRanges(...args)),
		}),
		languages.registerDocumentFormattingEditProvider(xmlSelector, {
			provideDocumentFormattingEdits: ask(({ format }, ...args) => format.provideDocumentFormattingEdits(...args)),
		}),
		languages.registerDocumentRangeFormattingEditProvider(xmlSelector, {
			provideDocumentRangeFormattingEdits: ask(({ format }, ...args) =>
				format.provideDocumentRangeFormattingEdits(...args),
			),
		}),
		languages.registerLinkedEditingRangeProvider(xmlSelector, {
			provideLinkedEditingRanges: ask(({ linkedNames }, ...args) => linkedNames.provideLinkedEditingRanges(...args)),
		}),
		languages.registerRenameProvider(xmlSelector, {
			prepareRename: ask(({ rename }, document, position) => rename.prepareRename(document, position)),
			provideRenameEdits: ask(({ rename }, document, position, name) =>
				rename.provideRenameEdits(document, position, name),
			),
		}),
		languages.registerDocumentLinkProvider(xmlSelector, {
			provideDocumentLinks: ask(({ links }, ...args) => links.provideDocumentLinks(...args)),
		}),
		languages.registerDefinitionProvider(xmlSelector, {
			provideDefinition: ask(({ schemaLinks }, document, position) =>
				schemaLinks.provideDefinition(document, position),
			),
		}),
		languages.registerDocumentHighlightProvider(xmlSelector, {
			provideDocumentHighlights: ask(({ highlights }, ...args) => highlights.provideDocumentHighlights(...args)),
		}),
	);
}

/** Providers whose answers change by themselves. */
function registerRefreshed(service: Load, facts: CachedFacts): vscode.Disposable {
	const ask = answering(service);
	const lensesChanged = new vscode.EventEmitter<void>();
	const hintsChanged = new vscode.EventEmitter<void>();
	const timer = setInterval(() => lensesChanged.fire(), refreshEvery);
	return vscode.Disposable.from(
		lensesChanged,
		hintsChanged,
		new vscode.Disposable(() => clearInterval(timer)),
		facts.onListed(() => hintsChanged.fire()),
		vscode.workspace.onDidChangeConfiguration((event) => {
			if (event.affectsConfiguration(`afterimage.${settings.codeLens}`)) lensesChanged.fire();
			if (event.affectsConfiguration(`afterimage.${settings.inlayHints}`)) hintsChanged.fire();
		}),
		vscode.languages.registerCodeLensProvider(xmlSelector, {
			onDidChangeCodeLenses: lensesChanged.event,
			provideCodeLenses: ask(({ lenses }, ...args) => lenses.provideCodeLenses(...args)),
		}),
		vscode.languages.registerInlayHintsProvider(xmlSelector, {
			onDidChangeInlayHints: hintsChanged.event,
			provideInlayHints: ask(({ hints }, ...args) => hints.provideInlayHints(...args)),
		}),
	);
}

function registerLanguageCommands(service: Load, onError: (error: unknown) => void): vscode.Disposable {
	const { registerCommand } = vscode.commands;
	return vscode.Disposable.from(
		registerCommand(languageCommands.edit, async (...args: Parameters<LanguageService['applyEdits']>) =>
			(await service()).applyEdits(...args),
		),
		registerCommand(languageCommands.reveal, async (path: string) => (await service()).reveal(path)),
		registerCommand(languageCommands.fix, async (...args: Parameters<LanguageService['runFix']>) => {
			try {
				await (await service()).runFix(...args);
			} catch (error) {
				onError(error);
				void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
			}
		}),
	);
}
