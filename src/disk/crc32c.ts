/** Castagnoli polynomial, reflected (RFC 3720, appendix B.4). */
const polynomial = 0x82f63b78;

/** Eight tables of 256 entries one after the other: table k advances a byte by k further zero bytes. */
const tables = makeTables();

function makeTables(): Int32Array {
	const all = new Int32Array(8 * 256);
	for (let byte = 0; byte < 256; byte++) {
		let state = byte;
		for (let bit = 0; bit < 8; bit++) state = (state & 1) === 0 ? state >>> 1 : (state >>> 1) ^ polynomial;
		all[byte] = state;
	}
	for (let at = 256; at < all.length; at++) {
		const before = all[at - 256]!;
		all[at] = (before >>> 8) ^ all[before & 0xff]!;
	}
	return all;
}

/**
 * Advances a CRC-32C over `bytes` from `start` to `end`. No inversion takes place, so pieces can be chained: the usual
 * checksum is `(crc32c(0xffffffff, bytes) ^ 0xffffffff) >>> 0`, while ext4 stores the state as it is.
 * @returns the new state, unsigned
 */
export function crc32c(state: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
	const t = tables;
	let crc = state | 0;
	let at = start;
	for (const stop = end - 7; at < stop; at += 8) {
		crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
		crc =
			t[0x700 | (crc & 0xff)]! ^
			t[0x600 | ((crc >>> 8) & 0xff)]! ^
			t[0x500 | ((crc >>> 16) & 0xff)]! ^
			t[0x400 | (crc >>> 24)]! ^
			t[0x300 | bytes[at + 4]!]! ^
			t[0x200 | bytes[at + 5]!]! ^
			t[0x100 | bytes[at + 6]!]! ^
			t[bytes[at + 7]!]!;
	}
	for (; at < end; at++) crc = (crc >>> 8) ^ t[(crc ^ bytes[at]!) & 0xff]!;
	return crc >>> 0;
}
