/**
 * BLAKE2b without a key (RFC 7693). OpenSSL offers the digest of 64 bytes only, Btrfs uses 32, and the length enters the
 * hash. A 64-bit word is a pair of entries of an array, the low half first.
 */
const blockBytes = 128;
const rounds = 12;

const iv = Int32Array.of(
	...[0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a],
	...[0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19],
);

/** Which message word each half step takes, a hexadecimal digit each; the first two rows serve again as rounds 11 and 12. */
const sigma = [
	...['0123456789abcdef', 'ea489fd61c02b753', 'b8c052fdae367194', '7931dcbe265a40f8', '905724afe1bc683d'],
	...['2c6a0b834d75fe19', 'c51fed4a0763928b', 'db7ec13950f4862a', '6fe9b308c2d714a5', 'a2847615fb9e3cd0'],
].map((row) => Uint8Array.from(row, (digit) => parseInt(digit, 16)));

/** The four words of each of a round's eight steps: columns, then diagonals. */
const steps = ['048c', '159d', '26ae', '37bf', '05af', '16bc', '278d', '349e'].map((row) =>
	Uint8Array.from(row, (digit) => parseInt(digit, 16) * 2),
);

const v = new Int32Array(32);
const m = new Int32Array(32);

/** @param digestBytes 1 to 64 */
export function blake2b(bytes: Uint8Array, start: number, end: number, digestBytes: number): Uint8Array {
	const h = iv.slice();
	h[0]! ^= 0x01010000 ^ digestBytes;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	let at = start;
	for (; end - at > blockBytes; at += blockBytes) {
		for (let i = 0; i < 32; i++) m[i] = view.getInt32(at + i * 4, true);
		compress(h, at + blockBytes - start, false);
	}
	const last = new DataView(new ArrayBuffer(blockBytes));
	for (let i = at; i < end; i++) last.setUint8(i - at, bytes[i]!);
	for (let i = 0; i < 32; i++) m[i] = last.getInt32(i * 4, true);
	compress(h, end - start, true);
	const digest = new DataView(new ArrayBuffer(64));
	for (let i = 0; i < 16; i++) digest.setInt32(i * 4, h[i]!, true);
	return new Uint8Array(digest.buffer, 0, digestBytes);
}

/** @param count bytes hashed so far, this block included; below 2^32 */
function compress(h: Int32Array, count: number, last: boolean): void {
	v.set(h);
	v.set(iv, 16);
	v[24]! ^= count;
	if (last) {
		v[28]! ^= -1;
		v[29]! ^= -1;
	}
	for (let round = 0; round < rounds; round++) {
		const order = sigma[round % sigma.length]!;
		for (let i = 0; i < 8; i++) {
			const step = steps[i]!;
			mix(step[0]!, step[1]!, step[2]!, step[3]!, order[2 * i]! * 2, order[2 * i + 1]! * 2);
		}
	}
	for (let i = 0; i < 16; i++) h[i]! ^= v[i]! ^ v[i + 16]!;
}

/** The function G; all arguments are places of low halves, the last two in the message. */
function mix(a: number, b: number, c: number, d: number, x: number, y: number): void {
	add(a, v[b]!, v[b + 1]!);
	add(a, m[x]!, m[x + 1]!);
	const low = v[d]! ^ v[a]!;
	v[d] = v[d + 1]! ^ v[a + 1]!;
	v[d + 1] = low;
	add(c, v[d], v[d + 1]!);
	rotateXor(b, c, 24);
	add(a, v[b]!, v[b + 1]!);
	add(a, m[y]!, m[y + 1]!);
	rotateXor(d, a, 16);
	add(c, v[d], v[d + 1]!);
	// To the right by 63 is to the left by 1.
	const bLow = v[b]! ^ v[c]!;
	const bHigh = v[b + 1]! ^ v[c + 1]!;
	v[b] = (bLow << 1) | (bHigh >>> 31);
	v[b + 1] = (bHigh << 1) | (bLow >>> 31);
}

function add(at: number, low: number, high: number): void {
	const sum = (v[at]! >>> 0) + (low >>> 0);
	v[at] = sum | 0;
	v[at + 1] = v[at + 1]! + high + (sum > 0xffffffff ? 1 : 0);
}

/** v[at] = rotate right (v[at] ^ v[by]) by less than 32 bits */
function rotateXor(at: number, by: number, bits: number): void {
	const low = v[at]! ^ v[by]!;
	const high = v[at + 1]! ^ v[by + 1]!;
	v[at] = (low >>> bits) | (high << (32 - bits));
	v[at + 1] = (high >>> bits) | (low << (32 - bits));
}
