/** Lengths and CRC-32 of the pieces that a file was written in, in order. Columns, not objects: a terabyte has a million. */
export class PieceSums {
	#lengths = new Uint32Array(256);
	#sums = new Uint32Array(256);
	#count = 0;

	add(length: number, sum: number): void {
		if (this.#count === this.#lengths.length) {
			this.#lengths = doubled(this.#lengths);
			this.#sums = doubled(this.#sums);
		}
		this.#lengths[this.#count] = length;
		this.#sums[this.#count++] = sum;
	}

	get count(): number {
		return this.#count;
	}

	/** Bytes of piece `i`. */
	length(i: number): number {
		return this.#lengths[i]!;
	}

	sum(i: number): number {
		return this.#sums[i]!;
	}
}

function doubled(column: Uint32Array): Uint32Array<ArrayBuffer> {
	const larger = new Uint32Array(column.length * 2);
	larger.set(column);
	return larger;
}
