import { damaged } from '../../../base/errors.ts';

/**
 * Decodes LZO1X, by the description in Linux's `Documentation/staging/lzo.rst` (bitstream version 0, the only one that
 * Btrfs writes). Each instruction copies bytes from the output so far, then up to three literals, whose number (`state`)
 * tells how the next instruction below 16 is to be read: 0 a run of literals, 1 to 3 a near match of two bytes, 4
 * (after a run of literals) a match of three bytes farther away.
 * @param at byte offset of `source` on the volume, for messages
 * @returns how many bytes of `target` were filled
 * @throws AfterimageError `structure-damaged` when the stream ends early or late, points before the output's start, or has
 * more bytes than `target` takes
 */
export function decodeLzo1x(source: Uint8Array, target: Uint8Array, at: number): number {
	let from = 0;
	let to = 0;
	const fault = (expected: string, found: string | number) =>
		damaged('structure-damaged', 'LZO stream', at + Math.min(from, source.length), expected, found);
	const byte = (): number => {
		if (from >= source.length) throw fault('another byte', 'its end');
		return source[from++]!;
	};
	/** A length whose bits in the instruction are all zero goes on: 255 for each byte of zero, then the first other one. */
	const length = (bits: number, mask: number): number => {
		if (bits !== 0) return bits;
		let sum = mask;
		let more = byte();
		for (; more === 0; more = byte()) sum += 255;
		return sum + more;
	};
	const literals = (count: number): void => {
		if (from + count > source.length) throw fault(`${count} literals`, source.length - from);
		if (to + count > target.length) throw fault(`at most ${target.length} bytes`, 'more');
		target.set(source.subarray(from, from + count), to);
		from += count;
		to += count;
	};
	const match = (distance: number, count: number): void => {
		if (distance > to) throw fault(`a distance of at most ${to}`, distance);
		if (to + count > target.length) throw fault(`at most ${target.length} bytes`, 'more');
		// Byte by byte: the ranges overlap where bytes are repeated.
		for (const end = to + count; to < end; to++) target[to] = target[to - distance]!;
	};

	let state = 0;
	if (source.length > 0 && source[0]! > 17) {
		const count = byte() - 17;
		literals(count);
		state = Math.min(count, 4);
	}
	for (;;) {
		const op = byte();
		if (op < 16 && state === 0) {
			literals(3 + length(op, 15));
			state = 4;
			continue;
		}
		let next = op & 3;
		if (op >= 64) {
			const distance = (byte() << 3) + ((op >> 2) & 7) + 1;
			match(distance, op >= 128 ? 5 + ((op >> 5) & 3) : 3 + ((op >> 5) & 1));
		} else if (op >= 16) {
			const near = op >= 32;
			const count = 2 + (near ? length(op & 31, 31) : length(op & 7, 7));
			const word = byte() | (byte() << 8);
			next = word & 3;
			if (near) match((word >> 2) + 1, count);
			else {
				const distance = 16384 + ((op & 8) << 11) + (word >> 2);
				if (distance === 16384) break;
				match(distance, count);
			}
		} else if (state === 4) {
			match((byte() << 2) + (op >> 2) + 2049, 3);
		} else {
			match((byte() << 2) + (op >> 2) + 1, 2);
		}
		literals(next);
		state = next;
	}
	if (from !== source.length) throw fault('its end', `${source.length - from} more bytes`);
	return to;
}
