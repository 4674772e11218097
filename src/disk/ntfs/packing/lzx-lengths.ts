import { damaged } from '../../../base/errors.ts';
import type { BitReader } from './bit-reader.ts';
import { HuffmanCode } from './huffman.ts';

/** Symbols of the code in which lengths are stored: differences 0 to 16, and three kinds of repetition. */
const preSymbols = 20;
const fewZeros = 17;
const manyZeros = 18;
const same = 19;
/** Lengths are 0 to 16, and differences are counted in a circle. */
const circle = 17;

/** Lengths of the codes of one LZX alphabet, which each block stores as differences from those of the block before. */
export class LzxLengths {
	readonly #lengths: Uint8Array;
	readonly #at: number;

	constructor(symbols: number, at: number) {
		this.#lengths = new Uint8Array(symbols);
		this.#at = at;
	}

	/**
	 * Reads the lengths of the symbols from `start` to before `end`.
	 * @throws AfterimageError `structure-damaged`
	 */
	read(reader: BitReader, start: number, end: number): void {
		const pre = Uint8Array.from({ length: preSymbols }, () => reader.take(4));
		const code = new HuffmanCode(pre, 'LZX lengths', this.#at);
		const next = (): number => {
			const symbol = code.decode(reader);
			if (symbol === undefined) throw damaged('structure-damaged', 'LZX lengths, code', this.#at, 'symbols', 'none');
			return symbol;
		};
		const changed = (i: number, difference: number) => (this.#lengths[i]! + circle - difference) % circle;
		for (let i = start; i < end;) {
			const symbol = next();
			let count = 1;
			let length = 0;
			if (symbol === fewZeros) {
				count = 4 + reader.take(4);
			} else if (symbol === manyZeros) {
				count = 20 + reader.take(5);
			} else if (symbol === same) {
				count = 4 + reader.take(1);
				const difference = next();
				if (difference >= circle)
					throw damaged('structure-damaged', 'LZX lengths, difference', this.#at, 'at most 16', difference);
				length = changed(i, difference);
			} else {
				length = changed(i, symbol);
			}
			// Compressors let the last repetition reach over the end.
			this.#lengths.fill(length, i, Math.min(i + count, end));
			i += count;
		}
	}

	/** @throws AfterimageError `structure-damaged` */
	code(what: string): HuffmanCode {
		return new HuffmanCode(this.#lengths, what, this.#at);
	}
}
