import { throwIfAborted } from '../base/abort.ts';

/** Milliseconds of work in a row. */
const longestTurn = 50;

/** Work that may wait for nothing, for as long as it takes: messages, such as that it is to end, come in between. */
export class Turns {
	#began = performance.now();

	/** Between two steps of a few milliseconds at most. @throws AfterimageError `cancelled` */
	async pause(signal: AbortSignal): Promise<void> {
		throwIfAborted(signal);
		if (performance.now() - this.#began < longestTurn) return;
		await new Promise((resume) => setImmediate(resume));
		this.#began = performance.now();
	}
}
