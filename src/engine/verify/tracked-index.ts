import type { BlockIndex } from '../../image/index/block-index.ts';
import { BlockSet } from '../../image/index/block-set.ts';
import type { DeltaIndex } from '../../image/index/delta-index.ts';

/**
 * The index of a partition as it goes from one backup of a set to the next, with what is known of its blocks: which are
 * still to be read, and which were bad. What two backups have in common is read once.
 */
export class TrackedIndex {
	readonly index: BlockIndex;
	/** Blocks that were read and are bad. */
	readonly bad: BlockSet;
	#unread: BlockSet;

	/** @param known indexes of as many blocks; of what they say the same and have read, nothing is to be read again */
	constructor(index: BlockIndex, known: readonly TrackedIndex[] = []) {
		this.index = index;
		this.bad = new BlockSet(index.count);
		this.#unread = new BlockSet(index.count);
		for (let block = index.next(0); block < index.count; block = index.next(block + 1)) {
			const same = known.find((other) => !other.#unread.has(block) && other.index.sameElement(index, block));
			if (same === undefined) this.#unread.add(block);
			else if (same.bad.has(block)) this.bad.add(block);
		}
	}

	/** A copy that goes its own way. */
	clone(): TrackedIndex {
		return new TrackedIndex(this.index.clone(), [this]);
	}

	/** Goes on to the next backup. Tells whether that changes anything. */
	apply(delta: DeltaIndex): boolean {
		const { freed, stored } = delta;
		let changes = false;
		for (let block = stored.next(0); block < stored.count; block = stored.next(block + 1)) {
			if (stored.sameElement(this.index, block)) continue;
			changes = true;
			this.#unread.add(block);
			this.bad.delete(block);
		}
		for (let block = freed.next(0); block < freed.count; block = freed.next(block + 1)) {
			changes ||= !this.index.isHole(block);
			this.#unread.delete(block);
			this.bad.delete(block);
		}
		delta.applyTo(this.index);
		return changes;
	}

	/** The block need not be read. @param isBad what it was found to be */
	take(block: number, isBad: boolean): void {
		this.#unread.delete(block);
		if (isBad) this.bad.add(block);
	}

	/** The blocks that are still to be read, ascending. */
	unread(): Uint32Array {
		const blocks = new Uint32Array(this.#unread.size());
		let block = this.#unread.next(0);
		for (let i = 0; i < blocks.length; i++, block = this.#unread.next(block + 1)) blocks[i] = block;
		return blocks;
	}

	/** What was to be read has been read, or need not be. @param bad of these blocks */
	settle(bad: Iterable<number>): void {
		this.#unread = new BlockSet(this.index.count);
		for (const block of bad) this.bad.add(block);
	}

	/** Takes over what another index of as many blocks has found out of `blocks`, where both say the same of them. */
	learn(from: TrackedIndex, blocks: Uint32Array): void {
		for (const block of blocks) {
			if (!this.#unread.has(block) || !this.index.sameElement(from.index, block)) continue;
			this.take(block, from.bad.has(block));
		}
	}
}
