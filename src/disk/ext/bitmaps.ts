import { throwIfAborted } from '../../base/abort.ts';
import type { ByteSource } from '../../base/bytes.ts';
import type { DescriptorPiece } from './descriptors.ts';
import type { Geometry } from './geometry.ts';
import type { BlockRuns } from './runs.ts';

/** Bytes of bitmaps held at once, what is read along between them included. */
const batchLength = 4 * 1024 * 1024;

/** Longest stretch between two bitmaps that is read along rather than skipped. */
const gapLength = 64 * 1024;

/** Reads under way at once. */
const parallel = 8;

/** Reads the block bitmaps of consecutive groups: neighbours together, several places at a time, into one buffer. */
export class BitmapReader {
	/** What the last batch has read. */
	readonly buffer: Uint8Array;
	readonly #volume: ByteSource;
	readonly #geometry: Geometry;
	/** For each group of a piece of descriptors: where its bitmap lies in the buffer, -1 when it was never written. */
	#places = new Int32Array(0);
	/** The batch's runs: the block where each begins, and where it lies in the buffer. */
	readonly #runBlocks: Float64Array;
	readonly #runPlaces: Int32Array;

	constructor(volume: ByteSource, geometry: Geometry) {
		this.#volume = volume;
		this.#geometry = geometry;
		this.buffer = new Uint8Array(Math.min(batchLength, geometry.groups * (gapLength + geometry.blockSize)));
		const most = Math.floor(this.buffer.length / geometry.blockSize);
		this.#runBlocks = new Float64Array(most);
		this.#runPlaces = new Int32Array(most + 1);
	}

	/**
	 * Reads the bitmaps from group `from` of the piece on, as many as fit; the piece's descriptors have been verified.
	 * @returns the index of the first group that is not in this batch
	 * @throws AfterimageError `read-error`, `cancelled`
	 */
	async read(piece: DescriptorPiece, from: number, signal: AbortSignal | undefined): Promise<number> {
		const blockSize = this.#geometry.blockSize;
		if (this.#places.length < piece.count) this.#places = new Int32Array(piece.count);
		let filled = 0;
		let runs = 0;
		let runEnd = 0;
		let index = from;
		for (; index < piece.count; index++) {
			if (piece.isUninitialised(index)) {
				this.#places[index] = -1;
				continue;
			}
			const block = piece.blockBitmap(index);
			const gap = (block - runEnd) * blockSize;
			const joins = runs > 0 && gap >= 0 && gap <= gapLength;
			const length = blockSize + (joins ? gap : 0);
			if (filled + length > this.buffer.length) break;
			if (!joins) {
				this.#runBlocks[runs] = block;
				this.#runPlaces[runs++] = filled;
			}
			filled += length;
			runEnd = block + 1;
			this.#places[index] = filled - blockSize;
		}
		this.#runPlaces[runs] = filled;
		let next = 0;
		const worker = async (): Promise<void> => {
			while (next < runs) {
				throwIfAborted(signal);
				const run = next++;
				const target = this.buffer.subarray(this.#runPlaces[run], this.#runPlaces[run + 1]);
				await this.#volume.read(this.#runBlocks[run]! * blockSize, target);
			}
		};
		await Promise.all(Array.from({ length: Math.min(parallel, runs) }, worker));
		return index;
	}

	/** Where the bitmap of a group of the last batch lies in `buffer`; -1 when it was never written. */
	place(index: number): number {
		return this.#places[index]!;
	}
}

/**
 * Reports the used clusters of one group.
 * @param view the memory that holds the bitmap, from byte `at` on, padded to 4 bytes
 * @param clusters bits that count
 * @param start the group's first block
 * @returns how many clusters are free
 */
export function scanBitmap(
	view: DataView,
	at: number,
	clusters: number,
	start: number,
	ratio: number,
	runs: BlockRuns,
): number {
	let free = 0;
	let used = -1;
	for (let first = 0; first < clusters; first += 32) {
		const bits = Math.min(32, clusters - first);
		const word = view.getInt32(at + first / 8, true);
		if (word === -1) {
			if (used < 0) used = first;
			continue;
		}
		if (word === 0) {
			free += bits;
			if (used >= 0) runs.add(start + used * ratio, start + first * ratio);
			used = -1;
			continue;
		}
		for (let bit = 0; bit < bits; bit++) {
			if ((word & (1 << bit)) !== 0) {
				if (used < 0) used = first + bit;
			} else {
				free++;
				if (used >= 0) runs.add(start + used * ratio, start + (first + bit) * ratio);
				used = -1;
			}
		}
	}
	if (used >= 0) runs.add(start + used * ratio, start + clusters * ratio);
	return free;
}

/** The first bit of a range that is clear, or `to` when all are set. */
export function firstClear(bytes: Uint8Array, at: number, from: number, to: number): number {
	let bit = from;
	while (bit < to) {
		const byte = bytes[at + (bit >>> 3)]!;
		if (byte === 0xff) bit = (bit | 7) + 1;
		else if ((byte & (1 << (bit & 7))) !== 0) bit++;
		else return bit;
	}
	return to;
}
