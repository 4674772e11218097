import { damaged } from '../../../base/errors.ts';
import { BitReader } from './bit-reader.ts';
import { copyMatch } from './copy-match.ts';
import { HuffmanCode } from './huffman.ts';

const symbols = 512;
/** Two lengths of 4 bits a byte, the even symbol's in the low half. */
const tableBytes = symbols / 2;

/**
 * Decodes one chunk of XPRESS in its variant with Huffman codes (LZ77+Huffman, [MS-XCA] 2.1 and 2.2).
 * @param target filled whole: its length is what the chunk decodes to, at most 64 KiB
 * @param at byte offset for messages
 * @throws AfterimageError `structure-damaged`
 */
export function decodeXpressHuffman(source: Uint8Array, target: Uint8Array, at: number): void {
	if (source.length < tableBytes)
		throw damaged('structure-damaged', 'XPRESS chunk, length', at, `at least ${tableBytes}`, source.length);
	const lengths = new Uint8Array(symbols);
	for (let i = 0; i < tableBytes; i++) {
		lengths[2 * i] = source[i]! & 15;
		lengths[2 * i + 1] = source[i]! >>> 4;
	}
	const code = new HuffmanCode(lengths, 'XPRESS chunk', at);
	const reader = new BitReader(source.subarray(tableBytes));
	for (let to = 0; to < target.length;) {
		const symbol = code.decode(reader);
		if (symbol === undefined) throw damaged('structure-damaged', 'XPRESS chunk, code', at, 'symbols', 'none');
		if (symbol < 256) {
			target[to++] = symbol;
			continue;
		}
		const distanceBits = (symbol >>> 4) & 15;
		const distance = (1 << distanceBits) | reader.take(distanceBits);
		let length = symbol & 15;
		// A long length stands in the bytes behind the words in reach.
		if (length === 15) {
			length += reader.byte();
			if (length === 15 + 255) length = reader.byte() | (reader.byte() << 8);
		}
		copyMatch(target, to, distance, length + 3, 'XPRESS', at);
		to += length + 3;
	}
	if (reader.overrun)
		throw damaged('structure-damaged', 'XPRESS chunk', at, `${target.length} bytes`, 'an end before them');
}
