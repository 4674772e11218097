import type { ExtentSink } from '../../disk/files.ts';
import type { ResolvedPartition } from '../../image/set/chain.ts';
import { stretchesOf, type Stretch } from '../browse/partition-blocks.ts';

/** Which bytes of a partition the image holds: those of stored blocks. */
export class HeldRanges {
	readonly #stretches: readonly Stretch[];

	constructor(resolved: ResolvedPartition) {
		this.#stretches = stretchesOf(resolved);
	}

	/** The first byte of a range that the image does not hold; undefined when it holds all of it. */
	firstMissing(start: number, end: number): number | undefined {
		let at = start;
		for (const stretch of this.#stretches) {
			if (at >= end) return undefined;
			if (at < stretch.start) return at;
			const { index, blockSize } = stretch;
			for (; at < Math.min(end, stretch.end);) {
				const block = Math.floor((at - stretch.start) / blockSize);
				if (index.isHole(block)) return at;
				at = Math.min(stretch.end, stretch.start + (block + 1) * blockSize);
			}
		}
		return at < end ? at : undefined;
	}
}

/** Looks for extents that the image does not hold. */
export class MissingExtents implements ExtentSink {
	/** The first byte of the partition that is missing. */
	first: number | undefined;
	/** Extents of which something is missing. */
	count = 0;
	readonly #held: HeldRanges;
	readonly #onExtent: (length: number) => void;

	/** @param onExtent is told how many bytes an extent has */
	constructor(held: HeldRanges, onExtent: (length: number) => void) {
		this.#held = held;
		this.#onExtent = onExtent;
	}

	add(start: number, end: number): void {
		this.#onExtent(end - start);
		const missing = this.#held.firstMissing(start, end);
		if (missing === undefined) return;
		this.first ??= missing;
		this.count++;
	}
}
