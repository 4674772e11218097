import { closeSync, writeSync } from 'node:fs';
import { systemPhrase } from '../../base/system-phrase.ts';

/**
 * A log file that text is added to, each piece by one write, so that a killed run leaves at most one cut line. One that
 * cannot be written any more keeps no run from going on: what comes after is lost.
 */
export class AppendedFile {
	readonly #fd: number;
	#over = false;
	#lost: string | undefined;

	/** @param fd opened for appending; taken over */
	constructor(fd: number) {
		this.#fd = fd;
	}

	/** Why not all of the text is in the file; undefined while it is. */
	get lost(): string | undefined {
		return this.#lost;
	}

	add(text: string): void {
		if (this.#over) return;
		const bytes = Buffer.from(text);
		try {
			// A file system that becomes full takes the beginning without a word.
			if (writeSync(this.#fd, bytes) < bytes.length) this.#lose('no space left on device');
		} catch (error) {
			this.#lose(systemPhrase(error));
		}
	}

	#lose(why: string): void {
		this.#over = true;
		this.#lost = why;
	}

	close(): void {
		this.#over = true;
		closeSync(this.#fd);
	}
}
