import { isAfterimageError } from '../../base/errors.ts';
import { BlockSet } from '../../image/index/block-set.ts';
import type { ElementTaker } from '../../image/index/index-read.ts';
import type { PartitionLayout } from '../../image/partition-layout.ts';
import type { TrackedIndex } from './tracked-index.ts';

/** Reads elements of the full's index. @param blocks ascending */
type ReadElements = (blocks: Uint32Array, take: ElementTaker) => Promise<void>;

/** A partition of the full with what is known of its blocks. */
interface FullPartition {
	readonly layout: PartitionLayout;
	readonly blocks: TrackedIndex;
	readonly reserved: TrackedIndex;
}

/**
 * What is known of the blocks of a full, for the differentials that stand on it: a bit or two a block. Its index is not
 * kept, which would take as much memory as that of the backup that the walk has come to; of it is read again what is asked for.
 */
export class KeptFull {
	readonly layout: PartitionLayout;
	readonly reserved: TrackedIndex;
	readonly #unread: BlockSet;
	readonly #bad: BlockSet;
	readonly #readElements: ReadElements;

	constructor({ blocks, layout, reserved }: FullPartition, read: ReadElements) {
		this.layout = layout;
		this.reserved = reserved.clone();
		this.#unread = new BlockSet(blocks.index.count);
		for (const block of blocks.unread()) this.#unread.add(block);
		this.#bad = new BlockSet(blocks.index.count);
		for (const block of blocks.bad) this.#bad.add(block);
		this.#readElements = read;
	}

	/** Tells the index of a later backup what is known of blocks of the full that it still has and would read. */
	async tell(later: TrackedIndex): Promise<void> {
		const known = later.unread().filter((block) => !this.#unread.has(block));
		await this.#look(known, (block, bytes, at) => {
			if (later.index.hasElement(block, bytes, at)) later.take(block, this.#bad.has(block));
		});
	}

	/** Takes over what the index of a later backup has found out of `blocks` that are the full's. */
	async learn(later: TrackedIndex, blocks: Uint32Array): Promise<void> {
		const open = blocks.filter((block) => this.#unread.has(block));
		await this.#look(open, (block, bytes, at) => {
			if (!later.index.hasElement(block, bytes, at)) return;
			this.#unread.delete(block);
			if (later.bad.has(block)) this.#bad.add(block);
		});
	}

	/** What cannot be read any more is not known: its blocks are read again. */
	async #look(blocks: Uint32Array, take: ElementTaker): Promise<void> {
		if (blocks.length === 0) return;
		try {
			await this.#readElements(blocks, take);
		} catch (error) {
			if (!isAfterimageError(error) || ['cancelled', 'failed'].includes(error.code)) throw error;
		}
	}
}
