import { damaged } from '../../../base/errors.ts';
import { BitReader } from './bit-reader.ts';
import { copyMatch } from './copy-match.ts';
import { HuffmanCode } from './huffman.ts';
import { undoLzxCalls } from './lzx-calls.ts';
import { LzxLengths } from './lzx-lengths.ts';

const blockTypes = { verbatim: 1, aligned: 2, uncompressed: 3 } as const;

/** Bytes of a block that does not say how many it has: all of a chunk. */
const chunkBytes = 32 * 1024;

/** Distances are in slots, of which a window of 32 KiB needs 30. */
const slots = 30;
const literals = 256;
/** Lengths of a match that its main symbol says itself, and the shortest. */
const shortLengths = 8;
const minLength = 2;
const longLengths = 249;
/** Distances are stored with this added: 0 to 2 stand for the three used last. */
const distanceBase = 2;

const mainSymbols = literals + slots * shortLengths;

/** For each slot the first distance, as stored, and how many bits the place in the slot takes. */
const slotBits = Array.from({ length: slots }, (_, slot) => Math.max(0, (slot >>> 1) - 1));
const slotStarts = slotBits.map((_, slot) => slotBits.slice(0, slot).reduce((sum, bits) => sum + 2 ** bits, 0));

/**
 * Decodes one chunk of LZX with a window of 32 KiB, as WIM files and WOF have it ([MS-PATCH] without its header: each
 * chunk stands for itself, blocks have lengths of 16 bits, and calls of x86 programs are translated).
 * @param target filled whole: its length is what the chunk decodes to, at most 32 KiB
 * @param at byte offset for messages
 * @throws AfterimageError `structure-damaged`
 */
export function decodeLzx(source: Uint8Array, target: Uint8Array, at: number): void {
	const reader = new BitReader(source);
	const mainLengths = new LzxLengths(mainSymbols, at);
	const lengthLengths = new LzxLengths(longLengths, at);
	const recent: Recent = [1, 1, 1];
	for (let to = 0; to < target.length;) {
		const type = reader.take(3);
		const size = reader.take(1) === 1 ? chunkBytes : reader.take(16);
		if (size === 0 || size > target.length - to)
			throw damaged('structure-damaged', 'LZX block, size', at, `1 to ${target.length - to}`, size);
		const block = target.subarray(0, to + size);
		if (type === blockTypes.uncompressed) {
			copyBlock(reader, block, to, recent);
			if (size % 2 !== 0 && block.length < target.length) reader.byte();
		} else {
			if (type !== blockTypes.verbatim && type !== blockTypes.aligned)
				throw damaged('structure-damaged', 'LZX block, type', at, '1 to 3', type);
			const aligned = type === blockTypes.aligned ? alignedCode(reader, at) : undefined;
			mainLengths.read(reader, 0, literals);
			mainLengths.read(reader, literals, mainSymbols);
			lengthLengths.read(reader, 0, longLengths);
			const codes = { main: mainLengths.code('LZX main'), length: lengthLengths.code('LZX length'), aligned };
			decodeBlock(reader, block, to, codes, recent, at);
		}
		if (reader.overrun)
			throw damaged('structure-damaged', 'LZX chunk', at, `${target.length} bytes`, 'an end before them');
		to += size;
	}
	undoLzxCalls(target);
}

/** The three distances used last, the newest first. */
type Recent = [number, number, number];

interface Codes {
	readonly main: HuffmanCode;
	readonly length: HuffmanCode;
	/** For the lowest three bits of distances; undefined where they stand as they are. */
	readonly aligned: HuffmanCode | undefined;
}

function alignedCode(reader: BitReader, at: number): HuffmanCode {
	return new HuffmanCode(
		Uint8Array.from({ length: 8 }, () => reader.take(3)),
		'LZX aligned',
		at,
	);
}

/** Bytes as they are, behind the three distances that are the last used then. */
function copyBlock(reader: BitReader, target: Uint8Array, start: number, recent: Recent): void {
	reader.alignToWord();
	for (let i = 0; i < 3; i++)
		recent[i] = (reader.byte() | (reader.byte() << 8) | (reader.byte() << 16) | (reader.byte() << 24)) >>> 0;
	for (let to = start; to < target.length; to++) target[to] = reader.byte();
}

function decodeBlock(
	reader: BitReader,
	target: Uint8Array,
	start: number,
	codes: Codes,
	recent: Recent,
	at: number,
): void {
	const symbolOf = (code: HuffmanCode): number => {
		const symbol = code.decode(reader);
		if (symbol === undefined) throw damaged('structure-damaged', 'LZX block, code', at, 'symbols', 'none');
		return symbol;
	};
	for (let to = start; to < target.length;) {
		const symbol = symbolOf(codes.main);
		if (symbol < literals) {
			target[to++] = symbol;
			continue;
		}
		let length = (symbol - literals) % shortLengths;
		if (length === shortLengths - 1) length += symbolOf(codes.length);
		length += minLength;
		const slot = Math.floor((symbol - literals) / shortLengths);
		if (slot <= distanceBase) {
			const distance = recent[slot]!;
			recent[slot] = recent[0];
			recent[0] = distance;
		} else {
			const bits = slotBits[slot]!;
			let place: number;
			if (codes.aligned !== undefined && bits >= 3) {
				place = reader.take(bits - 3) * 8;
				place += symbolOf(codes.aligned);
			} else {
				place = reader.take(bits);
			}
			recent[2] = recent[1];
			recent[1] = recent[0];
			recent[0] = slotStarts[slot]! + place - distanceBase;
		}
		copyMatch(target, to, recent[0], length, 'LZX', at);
		to += length;
	}
}
