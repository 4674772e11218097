import type { ByteSource } from '../../base/bytes.ts';
import type { ExtentSink } from '../../disk/files.ts';
import { BlockSet } from '../../image/index/block-set.ts';
import type { ResolvedPartition } from '../../image/set/chain.ts';
import { stretchesOf } from '../browse/partition-blocks.ts';
import type { BadBlockReport } from '../requests/verify.ts';

/** Damaged blocks of a partition. */
export interface LostBlocks {
	readonly blocks: BlockSet;
	/** Among the reserved ones. */
	readonly reserved: BlockSet;
}

/** The blocks that reports of one partition are about. */
export function lostBlocks(bad: readonly BadBlockReport[], { index, reserved }: ResolvedPartition): LostBlocks {
	const lost = { blocks: new BlockSet(index.count), reserved: new BlockSet(reserved.count) };
	for (const one of bad) lost[one.reserved ? 'reserved' : 'blocks'].add(one.block);
	return lost;
}

interface LostStretch {
	/** Bytes of the partition. */
	readonly start: number;
	readonly end: number;
	readonly blockSize: number;
	readonly bad: BlockSet;
	/** Blocks in which something was found. */
	readonly claimed: BlockSet;
}

/** The bytes of a partition that lie in damaged blocks of its image. */
export class LostRanges {
	/** Blocks that are lost. */
	readonly count: number;
	readonly #stretches: readonly LostStretch[];

	constructor(resolved: ResolvedPartition, { blocks, reserved }: LostBlocks) {
		this.#stretches = stretchesOf(resolved).map(({ start, end, blockSize, reserved: isReserved }) => {
			const bad = isReserved ? reserved : blocks;
			return { start, end, blockSize, bad, claimed: new BlockSet(bad.count) };
		});
		this.count = blocks.size() + reserved.size();
	}

	/** Blocks in which nothing was found so far. */
	get unclaimed(): number {
		return this.#stretches.reduce((sum, { claimed }) => sum - claimed.size(), this.count);
	}

	/** The lost parts of a range, ascending. @param claim take note that something lies in their blocks */
	*partsIn(start: number, end: number, claim = false): Generator<[start: number, end: number]> {
		for (const { bad, blockSize, claimed, ...stretch } of this.#stretches) {
			const from = Math.max(start, stretch.start);
			const to = Math.min(end, stretch.end);
			if (from >= to) continue;
			const last = Math.min(bad.count, Math.ceil((to - stretch.start) / blockSize));
			let block = bad.next(Math.floor((from - stretch.start) / blockSize), last);
			while (block < last) {
				const first = block;
				for (; block < last && bad.has(block); block++) if (claim) claimed.add(block);
				yield [Math.max(from, stretch.start + first * blockSize), Math.min(to, stretch.start + block * blockSize)];
				block = bad.next(block, last);
			}
		}
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
