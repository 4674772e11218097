import type { Piece } from './partition-blocks.ts';

/** A block that is being read. */
export class ComingBlock {
	/** What is waited for. */
	readonly pieces: Piece[] = [];
	readonly done: Promise<void>;
	#resolve!: () => void;
	#reject!: (error: unknown) => void;

	constructor() {
		this.done = new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
		// Whoever reads the block hears what is wrong with it; nobody might.
		this.done.catch(() => undefined);
	}

	/** @param error undefined: the pieces are filled */
	settle(error?: unknown): void {
		if (error === undefined) this.#resolve();
		else this.#reject(error);
	}
}
