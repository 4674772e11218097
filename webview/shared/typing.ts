import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A pause in typing after which what was typed goes into the document, in milliseconds. */
const pause = 350;

/**
 * How long after a field was left its text goes into the document. A field is often left by pressing a button: what the
 * new text makes appear or vanish must not move that button from under the pointer before it is released.
 */
const afterLeaving = 200;

interface Pending {
	readonly value: string;
	readonly timer: ReturnType<typeof setTimeout> | undefined;
	readonly commit: (value: string) => void;
	/** The model's value once it has taken this one over, perhaps in another spelling. */
	seen: string | undefined;
}

/** Those of elements that are in the page. */
const connected = new Set<Typing>();

/** Puts into the document at once what was typed last anywhere in the page, for what judges or saves the document. */
export function commitTyping(): void {
	for (const typing of connected) typing.commit();
}

/** Keeps what a person types in a field theirs until the field is left, while the document follows at each pause. */
export class Typing implements ReactiveController {
	readonly #host: ReactiveControllerHost;
	readonly #pending = new Map<string, Pending>();

	constructor(host: ReactiveControllerHost) {
		this.#host = host;
		host.addController(this);
	}

	hostConnected(): void {
		connected.add(this);
	}

	/** What was typed last is not lost when the page is turned at once. */
	hostDisconnected(): void {
		connected.delete(this);
		this.commit();
		this.#pending.clear();
	}

	/** Ends the pauses: what waits goes into the document now. */
	commit(): void {
		for (const [field, { timer, value, commit }] of this.#pending) {
			if (timer === undefined) continue;
			clearTimeout(timer);
			this.#pending.set(field, { value, timer: undefined, commit, seen: undefined });
			commit(value);
		}
	}

	/** What the field shows: what is being typed, unless the document has been changed by somebody else since. */
	value(field: string, model: string): string {
		const pending = this.#pending.get(field);
		if (pending === undefined) return model;
		if (pending.timer !== undefined) return pending.value;
		pending.seen ??= model;
		if (pending.seen === model) return pending.value;
		this.#pending.delete(field);
		return model;
	}

	/** @param done the field was left, or Enter pressed */
	input(field: string, value: string, done: boolean, commit: (value: string) => void): void {
		clearTimeout(this.#pending.get(field)?.timer);
		const timer = setTimeout(
			() => {
				if (done) this.#pending.delete(field);
				else this.#pending.set(field, { value, timer: undefined, commit, seen: undefined });
				commit(value);
				this.#host.requestUpdate();
			},
			done ? afterLeaving : pause,
		);
		this.#pending.set(field, { value, timer, commit, seen: undefined });
		this.#host.requestUpdate();
	}
}
