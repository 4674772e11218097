import { emitModule, FunctionBuilder } from './wasm.ts';

/** RFC 1321, section 3.4: the rotation of each step, a row a round. */
const rotations = [
	[7, 12, 17, 22],
	[5, 9, 14, 20],
	[4, 11, 16, 23],
	[6, 10, 15, 21],
] as const;

/** RFC 1321, section 3.4: T[i] = floor(2^32 * |sin(i + 1)|). */
const sines = Array.from({ length: 64 }, (_, i) => Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))));

/** Which of the 16 words of a chunk step `i` takes. */
function wordOf(step: number): number {
	const factor = [1, 5, 3, 7][step >> 4]!;
	const start = [0, 1, 5, 0][step >> 4]!;
	return (factor * step + start) % 16;
}

/** Bytes that one vector of four lanes keeps in the scratch area: its chunk's 16 words, transposed. */
const scratchPerVector = 16 * 16;

/** Vectors of the wide and the narrow kernel: 16 and 8 lanes. */
export const kernels = { wide: 4, narrow: 2 } as const;

export const scratchBytes = kernels.wide * scratchPerVector;

/** State of `lanes` digests: for each vector of four lanes A, B, C and D, each as four 32-bit words. */
export function stateBytes(lanes: number): number {
	return lanes * 16;
}

/**
 * A module with the functions `wide` and `narrow`: (pointers, chunks, state). They advance the MD5 states at `state` of 16
 * or 8 messages by `chunks` (at least 1) chunks of 64 bytes; `pointers` holds the address of each message's bytes. The scratch area lies
 * at address 0. Nothing else of the memory is touched.
 *
 * MD5 is a chain of dependent steps that leaves a core mostly idle: independent vectors are interleaved step by step so
 * that it always has work. Four vectors were fastest; the narrow kernel is for what is left over.
 */
export function emitMd5Module(): Uint8Array<ArrayBuffer> {
	return emitModule({ wide: emitKernel(kernels.wide), narrow: emitKernel(kernels.narrow) });
}

function emitKernel(vectors: number): FunctionBuilder {
	const f = new FunctionBuilder(3);
	const [pointers, chunks, state] = [0, 1, 2];
	const each = Array.from({ length: vectors }, (_, v) => v);
	const lanePointers = Array.from({ length: vectors * 4 }, () => f.local('i32'));
	const digests = each.map(() => [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')] as const);
	const rows = each.map(() => Array.from({ length: 8 }, () => f.local('v128')));
	const sums = each.map(() => f.local('v128'));

	lanePointers.forEach((local, lane) => {
		f.get(pointers);
		f.i32Load(lane * 4);
		f.set(local);
	});
	f.repeatWhile(() => {
		for (const v of each) loadState(f, state, v, digests[v]!);
		for (let step = 0; step < 64; step++) {
			// The first round takes the words in order: four of them are transposed just before they are needed.
			if (step < 16 && step % 4 === 0) {
				for (const v of each) transpose(f, lanePointers.slice(v * 4, v * 4 + 4), step / 4, v, rows[v]!);
			}
			for (const v of each) emitStep(f, step, digests[v]!, sums[v]!, v);
		}
		for (const v of each) addToState(f, state, v, digests[v]!);
		for (const local of lanePointers) {
			f.get(local);
			f.i32Const(64);
			f.i32Add();
			f.set(local);
		}
		f.get(chunks);
		f.i32Const(1);
		f.i32Sub();
		f.tee(chunks);
	});
	return f;
}

type Digest = readonly [number, number, number, number];

function loadState(f: FunctionBuilder, state: number, vector: number, digest: Digest): void {
	digest.forEach((local, j) => {
		f.get(state);
		f.vLoad((vector * 4 + j) * 16);
		f.set(local);
	});
}

function addToState(f: FunctionBuilder, state: number, vector: number, digest: Digest): void {
	digest.forEach((local, j) => {
		const at = (vector * 4 + j) * 16;
		f.get(state);
		f.get(state);
		f.vLoad(at);
		f.get(local);
		f.vAdd();
		f.vStore(at);
	});
}

/** Words 4 * group … + 3 of four lanes, from one vector a lane to one vector a word in the scratch area. */
function transpose(f: FunctionBuilder, lanes: readonly number[], group: number, vector: number, rows: number[]): void {
	const [r0, r1, r2, r3, low01, high01, low23, high23] = rows as [number, ...number[]] as Eight;
	[r0, r1, r2, r3].forEach((row, lane) => {
		f.get(lanes[lane]!);
		f.vLoad(group * 16);
		f.set(row);
	});
	const interleave = (a: number, b: number, words: readonly number[], into: number) => {
		f.get(a);
		f.get(b);
		f.vShuffle(...words);
		f.set(into);
	};
	interleave(r0, r1, [0, 4, 1, 5], low01);
	interleave(r0, r1, [2, 6, 3, 7], high01);
	interleave(r2, r3, [0, 4, 1, 5], low23);
	interleave(r2, r3, [2, 6, 3, 7], high23);
	const keep = (word: number, a: number, b: number, words: readonly number[]) => {
		f.i32Const(0);
		f.get(a);
		f.get(b);
		f.vShuffle(...words);
		f.vStore(scratchOf(vector, group * 4 + word));
	};
	keep(0, low01, low23, [0, 1, 4, 5]);
	keep(1, low01, low23, [2, 3, 6, 7]);
	keep(2, high01, high23, [0, 1, 4, 5]);
	keep(3, high01, high23, [2, 3, 6, 7]);
}

type Eight = [number, number, number, number, number, number, number, number];

function scratchOf(vector: number, word: number): number {
	return vector * scratchPerVector + word * 16;
}

/**
 * a = b + ((a + F(b, c, d) + X[k] + T[i]) <<< s), the names turning by one each step (RFC 1321, section 3.4).
 * G is added in two halves that have no bit in common; I = c XOR (b OR NOT d) is subtracted as its complement
 * c XOR (d AND NOT b), with the missing 1 taken out of T.
 */
function emitStep(f: FunctionBuilder, step: number, digest: Digest, sum: number, vector: number): void {
	const round = step >> 4;
	const [a, b, c, d] = [0, 1, 2, 3].map((j) => digest[(j - (step % 4) + 4) % 4]!) as unknown as Digest;
	f.get(a);
	f.i32Const(0);
	f.vLoad(scratchOf(vector, wordOf(step)));
	f.vConst(round === 3 ? sines[step]! - 1 : sines[step]!);
	f.vAdd();
	f.vAdd();
	if (round === 0) {
		for (const local of [c, d, b]) f.get(local);
		f.vSelect();
		f.vAdd();
	} else if (round === 1) {
		f.get(c);
		f.get(d);
		f.vAndNot();
		f.vAdd();
		f.get(b);
		f.get(d);
		f.vAnd();
		f.vAdd();
	} else if (round === 2) {
		f.get(c);
		f.get(d);
		f.vXor();
		f.get(b);
		f.vXor();
		f.vAdd();
	} else {
		f.get(d);
		f.get(b);
		f.vAndNot();
		f.get(c);
		f.vXor();
		f.vSub();
	}
	const rotation = rotations[round]![step % 4]!;
	f.tee(sum);
	f.i32Const(rotation);
	f.vShiftLeft();
	f.get(sum);
	f.i32Const(32 - rotation);
	f.vShiftRight();
	f.vOr();
	f.get(b);
	f.vAdd();
	f.set(a);
}
