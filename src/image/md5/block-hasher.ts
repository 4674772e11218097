import { createHash } from 'node:crypto';
import { emitMd5Module, kernels, scratchBytes, stateBytes } from './kernel.ts';
import type { LaneKernels } from './lane-kernels.ts';

/** MD5 of many blocks that lie in one buffer. One instance a thread; its calls are synchronous. */
export interface BlockHasher {
	/** What does the work, for the log: `AVX-512`, `WebAssembly SIMD`, `node:crypto`. */
	readonly name: string;
	/** Where the blocks must lie: read files straight into it. */
	readonly buffer: Uint8Array;
	/**
	 * Writes the 16-byte MD5 of block `i` (bytes `starts[i]` … `+ lengths[i]` of {@link buffer}) to `target[16 * i]`.
	 * Neighbours of equal length are hashed together, so give equal blocks in a row, 16 at a time or more.
	 * @throws RangeError when a block leaves the buffer
	 */
	digest(starts: Uint32Array, lengths: Uint32Array, count: number, target: Uint8Array): void;
}

const wideLanes = kernels.wide * 4;
const narrowLanes = kernels.narrow * 4;
/** Up to here OpenSSL, one block after the other, is faster than a narrow kernel with most of its lanes idle. */
const fewBlocks = 2;

const initialState = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

const pointersAt = scratchBytes;
const statesAt = pointersAt + wideLanes * 4;
const tailsAt = statesAt + stateBytes(wideLanes);
const tailBytes = 128;
/** Cache line after the last tail. */
const bufferAt = tailsAt + wideLanes * tailBytes;
const pageBytes = 65536;

/**
 * The compiled kernels, to be handed to other threads so that they are compiled once; undefined where WebAssembly or its
 * SIMD instructions are missing.
 */
export function compileMd5(): WebAssembly.Module | undefined {
	try {
		return new WebAssembly.Module(emitMd5Module());
	} catch {
		return undefined;
	}
}

/**
 * @param capacity bytes of the buffer
 * @param kernels what {@link compileMd5} gave, or kernels of other code; undefined = node:crypto
 */
export function createBlockHasher(
	capacity: number,
	kernels: WebAssembly.Module | LaneKernels | undefined,
): BlockHasher {
	if (kernels === undefined) return cryptoHasher(new Uint8Array(capacity));
	if (!(kernels instanceof WebAssembly.Module)) return laneHasher(new Uint8Array(capacity), kernels);
	const pages = Math.ceil((bufferAt + capacity) / pageBytes);
	const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
	return simdHasher(new WebAssembly.Instance(kernels, { env: { memory } }), memory, capacity);
}

function cryptoHasher(buffer: Uint8Array): BlockHasher {
	return {
		name: 'node:crypto',
		buffer,
		digest(starts, lengths, count, target) {
			for (let i = 0; i < count; i++) digestOne(buffer, starts[i]!, lengths[i]!, target, i * 16);
		},
	};
}

function laneHasher(buffer: Uint8Array, kernels: LaneKernels): BlockHasher {
	return {
		name: kernels.name,
		buffer,
		digest(starts, lengths, count, target) {
			digestRuns(buffer, starts, lengths, count, Infinity, target, (first, blocks, length) => {
				const digests = target.subarray(first * 16, (first + blocks) * 16);
				kernels.digest(buffer, starts.subarray(first), blocks, length, digests);
			});
		},
	};
}

function digestOne(buffer: Uint8Array, start: number, length: number, target: Uint8Array, at: number): void {
	checkBlock(buffer, start, length);
	target.set(
		createHash('md5')
			.update(buffer.subarray(start, start + length))
			.digest(),
		at,
	);
}

/**
 * Cuts the blocks into runs of equal length, at most `most` long, and hands each to `hashRun`; runs of one or two, for which lanes
 * do not pay, go to OpenSSL.
 * @throws RangeError when a block leaves the buffer
 */
function digestRuns(
	buffer: Uint8Array,
	starts: Uint32Array,
	lengths: Uint32Array,
	count: number,
	most: number,
	target: Uint8Array,
	hashRun: (first: number, blocks: number, length: number) => void,
): void {
	for (let first = 0, end = 0; first < count; first = end) {
		const length = lengths[first]!;
		while (end < count && end - first < most && lengths[end] === length) {
			checkBlock(buffer, starts[end]!, length);
			end++;
		}
		if (end - first > fewBlocks) {
			hashRun(first, end - first, length);
		} else {
			for (let i = first; i < end; i++) digestOne(buffer, starts[i]!, length, target, i * 16);
		}
	}
}

function checkBlock(buffer: Uint8Array, start: number, length: number): void {
	if (start + length > buffer.length) {
		throw new RangeError(`Block of ${length} bytes at ${start} lies outside the buffer of ${buffer.length} bytes`);
	}
}

type Kernel = (pointers: number, chunks: number, state: number) => void;

function simdHasher(instance: WebAssembly.Instance, memory: WebAssembly.Memory, capacity: number): BlockHasher {
	const bytes = new Uint8Array(memory.buffer);
	const buffer = bytes.subarray(bufferAt, bufferAt + capacity);
	const pointers = new Uint32Array(memory.buffer, pointersAt, wideLanes);
	const states = new Uint32Array(memory.buffer, statesAt, stateBytes(wideLanes) / 4);
	const freshStates = Uint32Array.from(states, (_, i) => initialState[(i >> 2) & 3]!);
	const view = new DataView(memory.buffer);
	const { wide, narrow } = instance.exports as { wide: Kernel; narrow: Kernel };

	/** Hashes blocks `first` … of equal length, one a lane; lanes without a block repeat the last one. */
	function digestLanes(
		kernel: Kernel,
		lanes: number,
		starts: Uint32Array,
		first: number,
		count: number,
		length: number,
	) {
		const whole = length >>> 6;
		const rest = length & 63;
		const tailChunks = rest < 56 ? 1 : 2;
		states.set(freshStates);
		for (let lane = 0; lane < lanes; lane++) {
			const start = bufferAt + starts[first + Math.min(lane, count - 1)]!;
			pointers[lane] = start;
			const tail = tailsAt + lane * tailBytes;
			bytes.copyWithin(tail, start + whole * 64, start + length);
			bytes[tail + rest] = 0x80;
			bytes.fill(0, tail + rest + 1, tail + tailChunks * 64 - 8);
			view.setUint32(tail + tailChunks * 64 - 8, length << 3, true);
			view.setUint32(tail + tailChunks * 64 - 4, length >>> 29, true);
		}
		if (whole > 0) kernel(pointersAt, whole, statesAt);
		for (let lane = 0; lane < lanes; lane++) pointers[lane] = tailsAt + lane * tailBytes;
		kernel(pointersAt, tailChunks, statesAt);
	}

	function takeDigests(count: number, target: Uint8Array, at: number): void {
		for (let lane = 0; lane < count; lane++) {
			const from = statesAt + (lane >> 2) * 64 + (lane & 3) * 4;
			for (let i = 0; i < 16; i++) target[at + lane * 16 + i] = bytes[from + (i >> 2) * 16 + (i & 3)]!;
		}
	}

	return {
		name: 'WebAssembly SIMD',
		buffer,
		digest(starts, lengths, count, target) {
			digestRuns(buffer, starts, lengths, count, wideLanes, target, (first, blocks, length) => {
				if (blocks > narrowLanes) digestLanes(wide, wideLanes, starts, first, blocks, length);
				else digestLanes(narrow, narrowLanes, starts, first, blocks, length);
				takeDigests(blocks, target, first * 16);
			});
		},
	};
}
