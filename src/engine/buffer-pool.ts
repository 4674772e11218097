/** Buffers of one length that are used again and again: a new one for each read would be garbage by the gigabyte. */
export class BufferPool {
	readonly #length: number;
	readonly #most: number;
	readonly #spare: Uint8Array[] = [];

	/** @param most buffers that are kept while nobody uses them */
	constructor(length: number, most: number) {
		this.#length = length;
		this.#most = most;
	}

	/**
	 * A buffer of at least `length` bytes, with whatever was in it; give it back with {@link release} when nobody reads or writes it
	 * any more.
	 */
	take(length: number): Uint8Array {
		if (length > this.#length) return new Uint8Array(length);
		return this.#spare.pop() ?? new Uint8Array(this.#length);
	}

	release(buffer: Uint8Array): void {
		if (buffer.length === this.#length && this.#spare.length < this.#most) this.#spare.push(buffer);
	}
}
