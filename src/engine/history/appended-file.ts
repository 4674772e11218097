import { closeSync, writeSync } from 'node:fs';

/**
 * A log file that text is added to, each piece by one write, so that a killed run leaves at most one cut line. One that
 * cannot be written any more keeps no run from going on: what comes after is lost.
 */
export class AppendedFile {
	readonly #fd: number;
	#over = false;

	/** @param fd opened for appending; taken over */
	constructor(fd: number) {
		this.#fd = fd;
	}

	add(text: string): void {
		if (this.#over) return;
		try {
			writeSync(this.#fd, text);
		} catch {
			this.#over = true;
		}
	}

	close(): void {
		this.#over = true;
		closeSync(this.#fd);
	}
}
