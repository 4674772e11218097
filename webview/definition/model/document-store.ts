import { changeDefinition } from '../../../src/definition/change.ts';
import type { BackupDefinition } from '../../../src/definition/model.ts';
import { applyEdits, type TextEdit } from '../../../src/definition/xml/edits.ts';

/** What a control does to the definition: a function, so that it can be done again on a text that has gone on meanwhile. */
export type Change = (definition: BackupDefinition) => BackupDefinition;

export interface SentEdit {
	readonly id: number;
	/** Version of the text that the edits are for. */
	readonly version: number;
	readonly edits: readonly TextEdit[];
}

interface InFlight {
	readonly id: number;
	readonly change: Change;
	/** The text as it is to be afterwards. */
	readonly expected: string;
	readonly attempt: number;
}

/** How often a change is tried on a text that keeps changing under it. */
const maxAttempts = 3;

/**
 * The document as the form sees it: the extension's text, and on top of it the changes that are still on their way. One
 * edit travels at a time; what was changed meanwhile waits and is worked out anew on the text that comes back.
 */
export class DocumentStore {
	readonly #read: (text: string) => BackupDefinition | undefined;
	readonly #send: (edit: SentEdit) => void;
	readonly #changed: () => void;
	#confirmed: { readonly text: string; readonly version: number } | undefined;
	#inFlight: InFlight | undefined;
	#waiting: { readonly change: Change; readonly attempt: number }[] = [];
	#lastId = 0;

	/** @param read the definition in a text, undefined while the text is broken */
	constructor(
		read: (text: string) => BackupDefinition | undefined,
		send: (edit: SentEdit) => void,
		changed: () => void,
	) {
		this.#read = read;
		this.#send = send;
		this.#changed = changed;
	}

	/** The text with every change of the form in it; undefined before the first document. */
	get text(): string | undefined {
		if (this.#confirmed === undefined) return undefined;
		let { text } = this.#confirmed;
		if (this.#inFlight !== undefined && this.#inFlight.expected !== text)
			text = this.#after(text, this.#inFlight.change);
		for (const { change } of this.#waiting) text = this.#after(text, change);
		return text;
	}

	get settled(): boolean {
		return this.#inFlight === undefined && this.#waiting.length === 0;
	}

	receive(text: string, version: number): void {
		this.#confirmed = { text, version };
		this.#changed();
		this.#pump();
	}

	/** The extension has made an edit, or refused it since the document was not as it was thought to be. */
	settle(id: number, accepted: boolean): void {
		const sent = this.#inFlight;
		if (sent?.id !== id) return;
		this.#inFlight = undefined;
		if (!accepted && sent.attempt < maxAttempts) {
			this.#waiting.unshift({ change: sent.change, attempt: sent.attempt + 1 });
		}
		this.#changed();
		this.#pump();
	}

	change(change: Change): void {
		const text = this.text;
		if (text === undefined || this.#edits(text, change).length === 0) return;
		this.#waiting.push({ change, attempt: 1 });
		this.#changed();
		this.#pump();
	}

	#pump(): void {
		if (this.#inFlight !== undefined || this.#confirmed === undefined) return;
		for (;;) {
			const next = this.#waiting.shift();
			if (next === undefined) return;
			const { text, version } = this.#confirmed;
			const edits = this.#edits(text, next.change);
			if (edits.length === 0) continue;
			const id = ++this.#lastId;
			this.#inFlight = { id, change: next.change, expected: applyEdits(text, edits), attempt: next.attempt };
			this.#send({ id, version, edits });
			return;
		}
	}

	#after(text: string, change: Change): string {
		return applyEdits(text, this.#edits(text, change));
	}

	/** None when the text is broken: nothing can be changed in it then. */
	#edits(text: string, change: Change): TextEdit[] {
		const definition = this.#read(text);
		return definition === undefined ? [] : changeDefinition(text, change(definition));
	}
}
