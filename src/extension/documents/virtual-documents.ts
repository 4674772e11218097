import { basename } from 'node:path';
import * as vscode from 'vscode';

const documentScheme = 'afterimage';

/** Makes the text of a kind of document. @param subject what the document is about: a path, an id */
export type MakeText = (subject: string) => Promise<string> | string;

/** Read-only documents whose text is made when they are opened: logs of running jobs, comparisons, properties. */
export class VirtualDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
	readonly #makers = new Map<string, MakeText>();
	readonly #changed = new vscode.EventEmitter<vscode.Uri>();
	readonly #registration: vscode.Disposable;

	readonly onDidChange = this.#changed.event;

	constructor() {
		this.#registration = vscode.workspace.registerTextDocumentContentProvider(documentScheme, this);
	}

	register(kind: string, make: MakeText): void {
		this.#makers.set(kind, make);
	}

	/** @param title what the tab shows, with an extension that gives the language */
	uri(kind: string, subject: string, title: string): vscode.Uri {
		return vscode.Uri.from({ scheme: documentScheme, authority: kind, path: `/${basename(title)}`, query: subject });
	}

	provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
		const make = this.#makers.get(uri.authority);
		if (make === undefined) throw vscode.FileSystemError.FileNotFound(uri);
		return Promise.resolve(make(uri.query));
	}

	/** The text has become another; open editors show it. */
	changed(uri: vscode.Uri): void {
		this.#changed.fire(uri);
	}

	dispose(): void {
		this.#registration.dispose();
		this.#changed.dispose();
	}
}
