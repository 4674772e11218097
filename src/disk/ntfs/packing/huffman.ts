import { damaged } from '../../../base/errors.ts';
import type { BitReader } from './bit-reader.ts';

/** Longest code there is. */
const maxLength = 16;

/** Codes of up to this length are found with one look. */
const tableBits = 10;

/** A canonical Huffman code, told by the length of each symbol's code: shorter ones first, then in the order of symbols. */
export class HuffmanCode {
	/** For the next bits: symbol and length (low 5 bits), or 0 for a longer code. */
	readonly #table = new Uint32Array(1 << tableBits);
	/** Symbols in the order of their codes. */
	readonly #sorted: Uint16Array;
	readonly #counts = new Uint16Array(maxLength + 1);

	/**
	 * @param lengths of the symbols' codes, 0 to 16 bits; all 0 is a code that is not used
	 * @param what names it in messages
	 * @param at byte offset for messages
	 * @throws AfterimageError `structure-damaged` when the codes are too many, or some bits begin none
	 */
	constructor(lengths: Uint8Array, what: string, at: number) {
		for (const length of lengths) this.#counts[length]!++;
		this.#counts[0] = 0;
		const starts = new Uint16Array(maxLength + 2);
		let room = 1 << maxLength;
		for (let length = 1; length <= maxLength; length++) {
			starts[length + 1] = starts[length]! + this.#counts[length]!;
			room -= this.#counts[length]! << (maxLength - length);
		}
		const used = starts[maxLength + 1]!;
		if (room !== 0 && used > 0)
			throw damaged('structure-damaged', `${what}, code lengths`, at, 'a whole Huffman code', `${room} of 65536 left`);
		this.#sorted = new Uint16Array(used);
		for (const [symbol, length] of lengths.entries()) if (length > 0) this.#sorted[starts[length]!++] = symbol;
		let next = 0;
		let index = 0;
		for (let length = 1; length <= tableBits; length++) {
			const width = 1 << (tableBits - length);
			for (let i = this.#counts[length]!; i > 0; i--) {
				this.#table.fill((this.#sorted[index++]! << 5) | length, next, next + width);
				next += width;
			}
		}
	}

	/** The next symbol; undefined when the code has none. */
	decode(reader: BitReader): number | undefined {
		const bits = reader.peek(maxLength);
		const found = this.#table[bits >>> (maxLength - tableBits)]!;
		if (found !== 0) {
			reader.skip(found & 31);
			return found >>> 5;
		}
		let first = 0;
		let index = 0;
		for (let length = 1; length <= maxLength; length++) {
			const count = this.#counts[length]!;
			const code = bits >>> (maxLength - length);
			if (code - first < count) {
				reader.skip(length);
				return this.#sorted[index + code - first];
			}
			index += count;
			first = (first + count) << 1;
		}
		return undefined;
	}
}
