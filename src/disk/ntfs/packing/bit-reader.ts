/**
 * The bits of 16-bit little-endian words, the highest first, as XPRESS Huffman and LZX have them, with bytes between
 * the words. Behind the end come zeros; {@link overrun} tells that they were used.
 */
export class BitReader {
	readonly #source: Uint8Array;
	#position = 0;
	/** The next bits, from bit 31 down. */
	#bits = 0;
	#count = 0;

	constructor(source: Uint8Array) {
		this.#source = source;
	}

	/** The next 1 to 16 bits, which stay. */
	peek(count: number): number {
		if (this.#count < 16) {
			const { length } = this.#source;
			const at = this.#position;
			const word = at + 2 <= length ? this.#source[at]! | (this.#source[at + 1]! << 8) : 0;
			this.#bits |= word << (16 - this.#count);
			this.#count += 16;
			this.#position += 2;
		}
		return this.#bits >>> (32 - count);
	}

	/** Leaves 1 to 16 bits behind that {@link peek} gave. */
	skip(count: number): void {
		this.#bits <<= count;
		this.#count -= count;
	}

	/** The next 0 to 16 bits. */
	take(count: number): number {
		const value = this.peek(16) >>> (16 - count);
		this.skip(count);
		return value;
	}

	/** The next byte behind the words that were needed so far to have 16 bits at each {@link peek}. */
	byte(): number {
		return this.#source[this.#position++] ?? 0;
	}

	/** Leaves the rest of the word behind; where a word has been used up, the whole next one. Bytes follow. */
	alignToWord(): void {
		this.peek(1);
		if (this.#count > 16) this.#position -= 2;
		this.#bits = 0;
		this.#count = 0;
	}

	/** Whether a bit or byte was used that is not there. */
	get overrun(): boolean {
		return this.#position - 2 * Math.floor(this.#count / 16) > this.#source.length;
	}
}
