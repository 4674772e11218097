import { BlockIndex } from './block-index.ts';
import { BlockSet } from './block-set.ts';

/** What a delta incremental changes in the index of a partition. */
export class DeltaIndex {
	/** Blocks that are stored anew. */
	readonly stored: BlockIndex;
	/** Blocks that have become unused: elements of length 0. */
	readonly freed: BlockSet;

	constructor(count: number) {
		this.stored = new BlockIndex(count);
		this.freed = new BlockSet(count);
	}

	get count(): number {
		return this.stored.count;
	}

	/** Number of elements. */
	size(): number {
		return this.stored.countStored() + this.freed.size();
	}

	/** Applies the changes to a complete index. */
	applyTo(complete: BlockIndex): void {
		for (let block = this.stored.next(0); block < this.count; block = this.stored.next(block + 1))
			complete.copyFrom(this.stored, block);
		for (let block = this.freed.next(0); block < this.count; block = this.freed.next(block + 1)) complete.clear(block);
	}
}
