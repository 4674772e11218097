/** Line and column, both from 0; columns count UTF-16 units, as editors do. */
export interface Position {
	readonly line: number;
	readonly column: number;
}

/** Turns offsets of one text into lines and columns. */
export class LineIndex {
	readonly #starts: number[] = [0];
	readonly #length: number;

	constructor(text: string) {
		this.#length = text.length;
		for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
	}

	positionAt(offset: number): Position {
		const at = Math.min(Math.max(0, offset), this.#length);
		let low = 0;
		let high = this.#starts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (this.#starts[middle]! <= at) low = middle;
			else high = middle - 1;
		}
		return { line: low, column: at - this.#starts[low]! };
	}
}
