import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A pause in typing after which what was typed goes into the document, in milliseconds. */
const pause = 350;

interface Pending {
	readonly value: string;
	readonly timer: ReturnType<typeof setTimeout> | undefined;
	/** The model's value once it has taken this one over, perhaps in another spelling. */
	seen: string | undefined;
}

/** Keeps what a person types in a field theirs until the field is left, while the document follows at each pause. */
export class Typing implements ReactiveController {
	readonly #host: ReactiveControllerHost;
	readonly #pending = new Map<string, Pending>();

	constructor(host: ReactiveControllerHost) {
		this.#host = host;
		host.addController(this);
	}

	hostDisconnected(): void {
		for (const { timer } of this.#pending.values()) clearTimeout(timer);
		this.#pending.clear();
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
		if (done) {
			this.#pending.delete(field);
			commit(value);
		} else {
			const timer = setTimeout(() => {
				this.#pending.set(field, { value, timer: undefined, seen: undefined });
				commit(value);
			}, pause);
			this.#pending.set(field, { value, timer, seen: undefined });
		}
		this.#host.requestUpdate();
	}
}
