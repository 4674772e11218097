/** Extents that are kept in memory; a file in more pieces than this is not read. */
export const maxExtents = 2 ** 24;

/**
 * Where the pieces of a file lie, in ascending order and columns, since a fragmented file has millions of them. Pieces
 * that touch in the file and on the disk are one. What no piece covers is zeros.
 */
export class ExtentList {
	#count = 0;
	/** Bytes of the file, bytes of the partition, bytes. */
	#starts = new Float64Array(4);
	#places = new Float64Array(4);
	#lengths = new Float64Array(4);

	get count(): number {
		return this.#count;
	}

	/** First byte after the last piece. */
	get end(): number {
		return this.#count === 0 ? 0 : this.#starts[this.#count - 1]! + this.#lengths[this.#count - 1]!;
	}

	at(index: number): { readonly start: number; readonly place: number; readonly length: number } {
		return { start: this.#starts[index]!, place: this.#places[index]!, length: this.#lengths[index]! };
	}

	/** Adds a piece that begins at or after {@link end}. */
	add(start: number, place: number, length: number): void {
		const last = this.#count - 1;
		if (last >= 0 && this.end === start && this.#places[last]! + this.#lengths[last]! === place) {
			this.#lengths[last]! += length;
			return;
		}
		if (this.#count === this.#starts.length) {
			this.#starts = grown(this.#starts);
			this.#places = grown(this.#places);
			this.#lengths = grown(this.#lengths);
		}
		this.#starts[this.#count] = start;
		this.#places[this.#count] = place;
		this.#lengths[this.#count] = length;
		this.#count++;
	}

	/** Index of the first piece that ends after `offset`; {@link count} when there is none. */
	find(offset: number): number {
		let low = 0;
		let high = this.#count;
		while (low < high) {
			const middle = Math.floor((low + high) / 2);
			if (this.#starts[middle]! + this.#lengths[middle]! > offset) high = middle;
			else low = middle + 1;
		}
		return low;
	}
}

function grown(column: Float64Array): Float64Array<ArrayBuffer> {
	const larger = new Float64Array(column.length * 2);
	larger.set(column);
	return larger;
}
