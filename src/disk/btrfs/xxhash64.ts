/**
 * XXH64 with seed 0 (xxHash specification 0.1.1), on halves of 32 bits: BigInt would be some thirty times slower.
 * A 64-bit value is a pair of entries of an Int32Array, the low half first.
 */
type Pair = readonly [low: number, high: number];

const prime1: Pair = [0x85ebca87 | 0, 0x9e3779b1 | 0];
const prime2: Pair = [0x27d4eb4f | 0, 0xc2b2ae3d | 0];
const prime3: Pair = [0x9e3779f9 | 0, 0x165667b1 | 0];
const prime4: Pair = [0xc2b2ae63 | 0, 0x85ebca77 | 0];
const prime5: Pair = [0x165667c5 | 0, 0x27d4eb2f | 0];

/** Working registers: four lanes, then the result, then a scratch lane. */
const words = new Int32Array(12);
const result = 8;
const scratch = 10;

/** The hash as the 8 bytes that Btrfs stores: little-endian. */
export function xxhash64(bytes: Uint8Array, start: number, end: number): Uint8Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	let at = start;
	if (end - start >= 32) {
		set(0, prime1);
		add(0, prime2[0], prime2[1]);
		set(2, prime2);
		set(4, [0, 0]);
		set(6, [0, 0]);
		add(6, -prime1[0], ~prime1[1]);
		for (; at + 32 <= end; at += 32) {
			for (let lane = 0; lane < 8; lane += 2) {
				round(lane, view.getInt32(at + lane * 4, true), view.getInt32(at + lane * 4 + 4, true));
			}
		}
		set(result, [0, 0]);
		for (const [lane, bits] of [1, 7, 12, 18].entries()) {
			words.copyWithin(scratch, lane * 2, lane * 2 + 2);
			rotate(scratch, bits);
			add(result, words[scratch]!, words[scratch + 1]!);
		}
		for (let lane = 0; lane < 8; lane += 2) {
			const [low, high] = [words[lane]!, words[lane + 1]!];
			set(lane, [0, 0]);
			round(lane, low, high);
			xor(result, words[lane]!, words[lane + 1]!);
			multiply(result, prime1);
			add(result, prime4[0], prime4[1]);
		}
	} else {
		set(result, prime5);
	}
	add(result, end - start, 0);
	for (; at + 8 <= end; at += 8) {
		set(scratch, [0, 0]);
		round(scratch, view.getInt32(at, true), view.getInt32(at + 4, true));
		xor(result, words[scratch]!, words[scratch + 1]!);
		rotate(result, 27);
		multiply(result, prime1);
		add(result, prime4[0], prime4[1]);
	}
	if (at + 4 <= end) {
		set(scratch, [view.getInt32(at, true), 0]);
		multiply(scratch, prime1);
		xor(result, words[scratch]!, words[scratch + 1]!);
		rotate(result, 23);
		multiply(result, prime2);
		add(result, prime3[0], prime3[1]);
		at += 4;
	}
	for (; at < end; at++) {
		set(scratch, [bytes[at]!, 0]);
		multiply(scratch, prime5);
		xor(result, words[scratch]!, words[scratch + 1]!);
		rotate(result, 11);
		multiply(result, prime1);
	}
	shiftXor(result, 33);
	multiply(result, prime2);
	shiftXor(result, 29);
	multiply(result, prime3);
	shiftXor(result, 32);
	const hash = new Uint8Array(8);
	const out = new DataView(hash.buffer);
	out.setInt32(0, words[result]!, true);
	out.setInt32(4, words[result + 1]!, true);
	return hash;
}

function set(at: number, value: Pair): void {
	words[at] = value[0];
	words[at + 1] = value[1];
}

function xor(at: number, low: number, high: number): void {
	words[at]! ^= low;
	words[at + 1]! ^= high;
}

function add(at: number, low: number, high: number): void {
	const sum = (words[at]! >>> 0) + (low >>> 0);
	words[at] = sum | 0;
	words[at + 1] = words[at + 1]! + high + (sum > 0xffffffff ? 1 : 0);
}

/** Rotates left by less than 32 bits. */
function rotate(at: number, bits: number): void {
	const low = words[at]!;
	const high = words[at + 1]!;
	words[at] = (low << bits) | (high >>> (32 - bits));
	words[at + 1] = (high << bits) | (low >>> (32 - bits));
}

/** x ^= x >> bits, for 29, 32 and 33. */
function shiftXor(at: number, bits: number): void {
	const low = words[at]!;
	const high = words[at + 1]!;
	if (bits >= 32) xor(at, high >>> (bits - 32), 0);
	else xor(at, (low >>> bits) | (high << (32 - bits)), high >>> bits);
}

function multiply(at: number, by: Pair): void {
	const low = words[at]!;
	const [byLow, byHigh] = by;
	const a0 = low & 0xffff;
	const a1 = low >>> 16;
	const b0 = byLow & 0xffff;
	const b1 = byLow >>> 16;
	// At most 2^32 - 2^17 + 1 plus two numbers below 2^16 each: exact in a double, unsigned by >>> 0.
	const middle = a1 * b0 + ((a0 * b0) >>> 16);
	const other = a0 * b1 + (middle & 0xffff);
	const carry = a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000);
	words[at] = Math.imul(low, byLow);
	words[at + 1] = carry + Math.imul(words[at + 1]!, byLow) + Math.imul(low, byHigh);
}

/** lane = rotate(lane + input * prime2, 31) * prime1 */
function round(lane: number, low: number, high: number): void {
	const laneLow = words[lane]!;
	const laneHigh = words[lane + 1]!;
	words[lane] = low;
	words[lane + 1] = high;
	multiply(lane, prime2);
	add(lane, laneLow, laneHigh);
	rotate(lane, 31);
	multiply(lane, prime1);
}
