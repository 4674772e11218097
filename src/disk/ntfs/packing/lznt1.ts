import { damaged } from '../../../base/errors.ts';

/** Bytes that a chunk decodes to, whatever it takes. */
const chunkBytes = 4096;

/** Signature that every chunk's header has in bits 12 to 14. */
const signature = 3;

/**
 * Decodes LZNT1 ([MS-XCA] 2.5): chunks of 4 KiB, each with a header of two bytes. What the chunks do not fill is zeros.
 * @param target filled whole
 * @param at byte offset for messages
 * @throws AfterimageError `structure-damaged`
 */
export function decodeLznt1(source: Uint8Array, target: Uint8Array, at: number): void {
	let from = 0;
	let to = 0;
	while (to < target.length && from + 2 <= source.length) {
		const header = source[from]! | (source[from + 1]! << 8);
		if (header === 0) break;
		if (((header >>> 12) & 7) !== signature)
			throw damaged('structure-damaged', 'LZNT1 chunk, signature', at, signature, (header >>> 12) & 7);
		from += 2;
		const end = from + (header & 0x0fff) + 1;
		if (end > source.length)
			throw damaged('structure-damaged', 'LZNT1 chunk, length', at, `at most ${source.length - from}`, end - from);
		const chunk = target.subarray(to, to + chunkBytes);
		const packed = source.subarray(from, end);
		chunk.fill(0, (header & 0x8000) === 0 ? copyChunk(packed, chunk, at) : decodeChunk(packed, chunk, at));
		from = end;
		to += chunk.length;
	}
	target.fill(0, to);
}

function copyChunk(packed: Uint8Array, target: Uint8Array, at: number): number {
	if (packed.length > target.length)
		throw damaged('structure-damaged', 'LZNT1 chunk, bytes as they are', at, `at most ${target.length}`, packed.length);
	target.set(packed);
	return packed.length;
}

/** Groups of eight elements behind a byte that says for each whether it is a byte or a match. @returns bytes written */
function decodeChunk(packed: Uint8Array, target: Uint8Array, at: number): number {
	let from = 0;
	let to = 0;
	while (from < packed.length) {
		const kinds = packed[from++]!;
		for (let i = 0; i < 8 && from < packed.length; i++) {
			if (((kinds >>> i) & 1) === 0) {
				if (to >= target.length) throw tooLong(at, target.length);
				target[to++] = packed[from++]!;
				continue;
			}
			const token = packed[from]! | (packed[from + 1]! << 8);
			// The further on in the chunk, the more bits the distance has, and the fewer the length.
			const lengthBits = 16 - Math.max(4, 32 - Math.clz32(to - 1));
			const length = (token & ((1 << lengthBits) - 1)) + 3;
			const distance = (token >>> lengthBits) + 1;
			if (from + 2 > packed.length || distance > to)
				throw damaged('structure-damaged', 'LZNT1 match', at, `two bytes, at most ${to} back`, distance);
			if (to + length > target.length) throw tooLong(at, target.length);
			for (const end = to + length; to < end; to++) target[to] = target[to - distance]!;
			from += 2;
		}
	}
	return to;
}

function tooLong(at: number, room: number) {
	return damaged('structure-damaged', 'LZNT1 chunk, decoded', at, `at most ${room} bytes`, 'more');
}
