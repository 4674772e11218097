import * as vscode from 'vscode';
import type { DefinitionProblem, Severity } from '../../definition/problem.ts';
import { diagnose } from '../../xml/diagnostics.ts';
import { settings } from '../ids.ts';
import { toRange } from './convert.ts';
import { definitionOf } from './documents.ts';
import { validationFacts } from './file-facts.ts';
import type { CachedFacts } from './live-facts.ts';

export const source = 'afterimage';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
	error: vscode.DiagnosticSeverity.Error,
	warning: vscode.DiagnosticSeverity.Warning,
	information: vscode.DiagnosticSeverity.Information,
};

/** Problems of every open definition, brought up to date shortly after one stops typing. */
export class DefinitionDiagnostics implements vscode.Disposable {
	readonly #collection = vscode.languages.createDiagnosticCollection(source);
	readonly #timers = new Map<string, NodeJS.Timeout>();
	readonly #problems = new Map<string, readonly DefinitionProblem[]>();
	readonly #subscriptions: vscode.Disposable[];
	readonly #facts: CachedFacts;
	readonly #rules: vscode.Uri;

	/** @param rules folder of the pages that explain each code */
	constructor(facts: CachedFacts, rules: vscode.Uri) {
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

	/** What was found in a document, whether it is shown here or by another extension. */
	problemsOf(document: vscode.TextDocument): readonly DefinitionProblem[] {
		return this.#problems.get(document.uri.toString()) ?? [];
	}

	dispose(): void {
		for (const timer of this.#timers.values()) clearTimeout(timer);
		for (const subscription of this.#subscriptions) subscription.dispose();
		this.#collection.dispose();
	}

	#updateAll(): void {
		for (const document of vscode.workspace.textDocuments) void this.#update(document);
	}

	#soon(document: vscode.TextDocument): void {
		const key = document.uri.toString();
		if (definitionOf(document) === undefined && !this.#problems.has(key)) return;
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
		const facts = await validationFacts(definition.read.definition, path, this.#facts.knownDisks);
		// Typed into, closed or made something else while files were looked at: another update has been or will be.
		if (document.isClosed || document.version !== version) return;
		this.#problems.set(key, diagnose(definition, facts));
		this.#show(document);
	}

	#show(document: vscode.TextDocument): void {
		const others = foreignErrors(document.uri);
		const shown = this.problemsOf(document)
			.map((problem) => this.#diagnostic(document, problem))
			.filter((one) => !others.some((other) => isSaidBy(other, one)));
		this.#collection.set(document.uri, shown);
	}

	/** Another extension has looked at a document of ours: what it says as well is not said twice. */
	#othersChanged(uris: readonly vscode.Uri[]): void {
		for (const uri of uris) {
			const key = uri.toString();
			if (!this.#problems.has(key)) continue;
			const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === key);
			if (document === undefined) continue;
			const shown = this.#collection.get(uri)?.length ?? 0;
			const others = foreignErrors(uri);
			const wanted = this.problemsOf(document).filter(
				(problem) => !others.some((other) => isSaidBy(other, this.#diagnostic(document, problem))),
			).length;
			if (wanted !== shown && !this.#timers.has(key)) this.#show(document);
		}
	}

	#diagnostic(document: vscode.TextDocument, problem: DefinitionProblem): vscode.Diagnostic {
		const { code, message, severity } = problem;
		const diagnostic = new vscode.Diagnostic(toRange(document, problem), message, severities[severity]);
		diagnostic.code = { value: code, target: vscode.Uri.joinPath(this.#rules, `${code}.md`) };
		diagnostic.source = source;
		return diagnostic;
	}

	#forget(document: vscode.TextDocument): void {
		const key = document.uri.toString();
		clearTimeout(this.#timers.get(key));
		this.#timers.delete(key);
		this.#problems.delete(key);
		this.#collection.delete(document.uri);
	}
}

function foreignErrors(uri: vscode.Uri): vscode.Diagnostic[] {
	return vscode.languages.getDiagnostics(uri).filter((one) => one.source !== source);
}

/** Whether another XML extension reports the same broken markup or schema error, as far as places tell. */
function isSaidBy(other: vscode.Diagnostic, ours: vscode.Diagnostic): boolean {
	const code = typeof ours.code === 'object' ? String(ours.code.value) : '';
	if (!/^(xml|schema)-/.test(code)) return false;
	return other.source === 'xml' && other.range.intersection(ours.range) !== undefined;
}
