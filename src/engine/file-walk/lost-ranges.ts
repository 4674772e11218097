import type { ByteSource } from '../../base/bytes.ts';
import type { ExtentSink } from '../../disk/files.ts';
import type { BadBlockReport } from '../requests/verify.ts';

/** The bytes of a partition that lie in damaged blocks of its image. */
export class LostRanges {
	readonly #starts: Float64Array;
	readonly #ends: Float64Array;
	/** Blocks in which something was found. */
	readonly #claimed: Uint8Array;

	/** @param bad of one partition, which do not overlap */
	constructor(bad: readonly BadBlockReport[]) {
		const sorted = bad.toSorted((a, b) => a.start - b.start);
		this.#starts = Float64Array.from(sorted, ({ start }) => start);
		this.#ends = Float64Array.from(sorted, ({ end }) => end);
		this.#claimed = new Uint8Array(sorted.length);
	}

	/** Blocks in which nothing was found so far. */
	get unclaimed(): number {
		return this.#claimed.reduce((sum, claimed) => sum - claimed, this.#claimed.length);
	}

	/** The lost parts of a range. @param claim take note that something lies in their blocks */
	partsIn(start: number, end: number, claim = false): [start: number, end: number][] {
		const parts: [number, number][] = [];
		if (end <= start) return parts;
		for (let i = this.#find(start); i < this.#starts.length && this.#starts[i]! < end; i++) {
			parts.push([Math.max(start, this.#starts[i]!), Math.min(end, this.#ends[i]!)]);
			if (claim) this.#claimed[i] = 1;
		}
		return parts;
	}

	/** The first range that ends behind a byte. */
	#find(byte: number): number {
		let low = 0;
		let high = this.#ends.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.#ends[middle]! > byte) high = middle;
			else low = middle + 1;
		}
		return low;
	}
}

/** Parts that are kept before those that are the same or touch are put together. */
const manyParts = 4096;

/** What of one file is lost, however often its extents overlap. */
export class LostParts implements ExtentSink {
	readonly #lost: LostRanges;
	readonly #onExtent: (length: number) => void;
	#parts: [start: number, end: number][] = [];
	#most = manyParts;

	/** @param onExtent is told how many bytes an extent has */
	constructor(lost: LostRanges, onExtent: (length: number) => void) {
		this.#lost = lost;
		this.#onExtent = onExtent;
	}

	add(start: number, end: number): void {
		this.#onExtent(end - start);
		for (const part of this.#lost.partsIn(start, end, true)) this.#parts.push(part);
		if (this.#parts.length < this.#most) return;
		this.#join();
		this.#most = Math.max(manyParts, 2 * this.#parts.length);
	}

	get bytes(): number {
		this.#join();
		return this.#parts.reduce((sum, [start, end]) => sum + end - start, 0);
	}

	#join(): void {
		const joined: [number, number][] = [];
		for (const [start, end] of this.#parts.sort((a, b) => a[0] - b[0])) {
			const last = joined.at(-1);
			if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
			else joined.push([start, end]);
		}
		this.#parts = joined;
	}
}

/**
 * A partition with zeros for what is lost, as it is once it was restored without it: a structure among zeros is found to be
 * damaged by itself, where a read that fails would take all with it that is read along.
 */
export class WithoutLost implements ByteSource {
	readonly #whole: ByteSource;
	readonly #lost: LostRanges;

	constructor(whole: ByteSource, lost: LostRanges) {
		this.#whole = whole;
		this.#lost = lost;
	}

	get size(): number {
		return this.#whole.size;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		const end = offset + target.length;
		let at = offset;
		for (const [from, to] of [...this.#lost.partsIn(offset, end), [end, end] as const]) {
			if (from > at) await this.#whole.read(at, target.subarray(at - offset, from - offset));
			target.fill(0, from - offset, to - offset);
			at = to;
		}
	}
}
