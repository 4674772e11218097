import { checkRange, type ByteSource } from '../base/bytes.ts';

const windowSize = 64 * 1024;

/** Reads in windows of 64 KiB, so that the many small structures of a file's metadata cost few system calls. */
export class WindowSource implements ByteSource {
	readonly size: number;
	readonly #source: ByteSource;
	#window = new Uint8Array(0);
	#start = 0;

	constructor(source: ByteSource) {
		this.#source = source;
		this.size = source.size;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		if (target.length > windowSize / 2) return this.#source.read(offset, target);
		if (offset < this.#start || offset + target.length > this.#start + this.#window.length) {
			// The footer comes first: its window reaches back to the root list.
			const start = Math.max(0, Math.min(offset, this.size - windowSize));
			const window = new Uint8Array(Math.min(windowSize, this.size - start));
			await this.#source.read(start, window);
			this.#window = window;
			this.#start = start;
		}
		target.set(this.#window.subarray(offset - this.#start, offset - this.#start + target.length));
	}
}
