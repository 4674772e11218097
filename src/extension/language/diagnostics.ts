import * as vscode from 'vscode';
import type { DefinitionProblem } from '../../definition/problem.ts';
import type { ValidationFacts } from '../../definition/rules/rule.ts';
import { diagnose } from '../../xml/diagnostics.ts';
import { diagnosticsOf } from '../definitions/diagnostics.ts';
import { settings } from '../ids.ts';
import { isDefinition } from './documents.ts';
import { definitionOf } from './parsed.ts';
import { validationFacts } from './file-facts.ts';
import type { CachedFacts } from './live-facts.ts';

export const source = 'afterimage';

/** What was found in one version of a document, and what was known of the computer then. */
interface Checked {
	readonly version: number;
	readonly facts: ValidationFacts;
	readonly problems: readonly DefinitionProblem[];
}

/** Problems of every open definition, brought up to date shortly after one stops typing. */
export class DefinitionDiagnostics implements vscode.Disposable {
	readonly #collection: vscode.DiagnosticCollection;
	readonly #timers = new Map<string, NodeJS.Timeout>();
	readonly #checked = new Map<string, Checked>();
	readonly #subscriptions: vscode.Disposable[];
	readonly #facts: CachedFacts;
	readonly #rules: vscode.Uri;

	/**
	 * @param collection where problems of definitions are listed, whoever found them
	 * @param rules folder of the pages that explain each code
	 */
	constructor(collection: vscode.DiagnosticCollection, facts: CachedFacts, rules: vscode.Uri) {
		this.#collection = collection;
		this.#facts = facts;
		this.#rules = rules;
		this.#subscriptions = [
			vscode.workspace.onDidOpenTextDocument((document) => void this.#update(document)),
			vscode.workspace.onDidChangeTextDocument(({ document }) => this.#soon(document)),
			vscode.workspace.onDidSaveTextDocument((document) => void this.#update(document)),
			vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
			facts.onListed(() => this.#updateAll()),
			vscode.languages.onDidChangeDiagnostics(({ uris }) => this.#othersChanged(uris)),
		];
		this.#updateAll();
	}

	/** What there is to find in a document as it is now, whether it is shown here or by another extension. */
	problemsOf(document: vscode.TextDocument): readonly DefinitionProblem[] {
		const checked = this.#checked.get(document.uri.toString());
		const definition = definitionOf(document);
		if (checked === undefined || definition === undefined) return [];
		return checked.version === document.version ? checked.problems : diagnose(definition, checked.facts);
	}

	dispose(): void {
		for (const timer of this.#timers.values()) clearTimeout(timer);
		for (const subscription of this.#subscriptions) subscription.dispose();
	}

	#updateAll(): void {
		for (const document of vscode.workspace.textDocuments) void this.#update(document);
	}

	#soon(document: vscode.TextDocument): void {
		const key = document.uri.toString();
		if (!isDefinition(document) && !this.#checked.has(key)) return;
		clearTimeout(this.#timers.get(key));
		const delay = vscode.workspace.getConfiguration('afterimage').get<number>(settings.validationDelay, 250);
		this.#timers.set(
			key,
			setTimeout(() => void this.#update(document), delay),
		);
	}

	async #update(document: vscode.TextDocument): Promise<void> {
		const key = document.uri.toString();
		clearTimeout(this.#timers.get(key));
		this.#timers.delete(key);
		const definition = definitionOf(document);
		if (definition === undefined) return this.#forget(document);
		const { version } = document;
		const path = document.uri.scheme === 'file' ? document.uri.fsPath : undefined;
		const rights = await this.#facts.rights();
		const facts = await validationFacts(rights, definition.read.definition, path, this.#facts.knownDisks);
		// Typed into, closed or made something else while files were looked at: another update has been or will be.
		if (document.isClosed || document.version !== version) return;
		this.#checked.set(key, { version, facts, problems: diagnose(definition, facts) });
		this.#show(document);
	}

	#show(document: vscode.TextDocument): void {
		const others = foreignDiagnostics(document.uri);
		const shown = this.#diagnostics(document).filter((one) => !others.some((other) => isSaidBy(other, one)));
		this.#collection.set(document.uri, shown);
	}

	/** Another extension has looked at a document of ours: what it says as well is not said twice. */
	#othersChanged(uris: readonly vscode.Uri[]): void {
		for (const uri of uris) {
			const key = uri.toString();
			const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === key);
			if (document === undefined || !this.#checked.has(key) || this.#timers.has(key)) continue;
			const others = foreignDiagnostics(uri);
			const wanted = this.#diagnostics(document).filter((one) => !others.some((other) => isSaidBy(other, one)));
			if (wanted.length !== this.#collection.get(uri)?.length) this.#collection.set(uri, wanted);
		}
	}

	/** All that was found, with links to the pages that explain it. */
	#diagnostics(document: vscode.TextDocument): readonly vscode.Diagnostic[] {
		const problems = this.problemsOf(document);
		const diagnostics = diagnosticsOf(document, problems);
		for (const [index, { code }] of problems.entries()) {
			diagnostics[index]!.code = { value: code, target: vscode.Uri.joinPath(this.#rules, `${code}.md`) };
		}
		return diagnostics;
	}

	#forget(document: vscode.TextDocument): void {
		const key = document.uri.toString();
		clearTimeout(this.#timers.get(key));
		this.#timers.delete(key);
		this.#checked.delete(key);
		this.#collection.delete(document.uri);
	}
}

function foreignDiagnostics(uri: vscode.Uri): vscode.Diagnostic[] {
	return vscode.languages.getDiagnostics(uri).filter((one) => one.source !== source);
}

/** Whether another XML extension reports the same broken markup or schema error, as far as places tell. */
function isSaidBy(other: vscode.Diagnostic, ours: vscode.Diagnostic): boolean {
	const code = typeof ours.code === 'object' ? String(ours.code.value) : '';
	if (!/^(xml|schema)-/.test(code)) return false;
	return other.source === 'xml' && other.range.intersection(ours.range) !== undefined;
}
