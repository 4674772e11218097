/** Restarts of an engine that died by itself: at most `most` within `window` milliseconds, so that a broken one is not started for ever. */
export class RestartPolicy {
	readonly #most: number;
	readonly #window: number;
	#times: number[] = [];

	constructor(most = 5, window = 10 * 60_000) {
		this.#most = most;
		this.#window = window;
	}

	/** Whether it may be started once more at this time (milliseconds); counts the start when it may. */
	allow(now: number): boolean {
		this.#times = this.#times.filter((time) => now - time < this.#window);
		if (this.#times.length >= this.#most) return false;
		this.#times.push(now);
		return true;
	}
}
