import { AfterimageError } from '../../base/errors.ts';
import type { BlockIndex } from '../index/block-index.ts';
import { DeltaIndex } from '../index/delta-index.ts';
import type { IndexContent } from '../index/index-write.ts';

/** Stored bytes of `count` blocks. */
export interface StoredBytes {
	readonly count: number;
	/** Stored length of each block; 0 = unchanged, it is what the base has. */
	readonly lengths: Uint32Array;
	/** The stored bytes of all blocks that have any, back to back. */
	readonly data: Uint8Array;
	/** CRC-32 of `data`, taken when the blocks were made; undefined where nobody took it. */
	readonly sum?: number | undefined;
}

/** Consecutive blocks of a partition as the pipeline gives them. */
export interface BlockBatch extends StoredBytes {
	/** Block numbers, ascending. */
	readonly blocks: Uint32Array;
	/** 16 bytes a block. */
	readonly md5: Uint8Array;
}

/** Is told where block `i` has gone. */
export type Placed = (i: number, position: number, fileNumber: number) => void;

/** Appends stored blocks back to back, dividing between two of them where a file is full. */
export type AppendBlocks = (blocks: StoredBytes, placed: Placed) => Promise<void>;

/** Collects the index of one partition while its blocks are written. */
export class PartitionWriter {
	readonly #blocks: BlockIndex | DeltaIndex;
	readonly #reserved: BlockIndex;
	readonly #base: BlockIndex | undefined;
	readonly #append: AppendBlocks;
	#reservedDone = 0;

	constructor(
		blocks: BlockIndex | DeltaIndex,
		reserved: BlockIndex,
		base: BlockIndex | undefined,
		append: AppendBlocks,
	) {
		this.#blocks = blocks;
		this.#reserved = reserved;
		this.#base = base;
		this.#append = append;
	}

	/** Writes the blocks of a batch that have bytes; those of length 0 keep what the base has. */
	async appendBlocks(batch: BlockBatch): Promise<void> {
		const index = this.index;
		await this.#append(batch, (i, position, fileNumber) =>
			index.set(batch.blocks[i]!, position, batch.md5, i * 16, batch.lengths[i]!, fileNumber),
		);
		if (this.#blocks instanceof DeltaIndex) return;
		for (let i = 0; i < batch.count; i++) {
			if (batch.lengths[i] !== 0) continue;
			if (this.#base === undefined)
				throw new AfterimageError('failed', `Block ${batch.blocks[i]!} has no bytes and there is no base`);
			index.copyFrom(this.#base, batch.blocks[i]!);
		}
	}

	/** Writes the next reserved block (FAT), in order from the partition's start. */
	async appendReserved(stored: Uint8Array, md5: Uint8Array): Promise<void> {
		const block = this.#reservedDone++;
		if (block >= this.#reserved.count)
			throw new AfterimageError('failed', `The partition has ${this.#reserved.count} reserved blocks, not more`);
		const one = { count: 1, lengths: Uint32Array.of(stored.length), data: stored };
		await this.#append(one, (_, position, fileNumber) =>
			this.#reserved.set(block, position, md5, 0, stored.length, fileNumber),
		);
	}

	/** Lets the next reserved block be the one that the base has: its bytes are the same. */
	keepReserved(base: BlockIndex): void {
		this.#reserved.copyFrom(base, this.#reservedDone++);
	}

	/**
	 * Tells a delta which blocks are in use now: those that the base has and `used` has not are freed. A complete index
	 * needs no telling: what was not appended is a hole.
	 */
	freeUnused(used: { has(block: number): boolean }): void {
		if (!(this.#blocks instanceof DeltaIndex) || this.#base === undefined) return;
		const { count } = this.#base;
		for (let block = this.#base.next(0); block < count; block = this.#base.next(block + 1))
			if (!used.has(block)) this.#blocks.freed.add(block);
	}

	/** The elements written so far: of a delta only its own blocks, else also those that unchanged blocks keep. */
	get index(): BlockIndex {
		return this.#blocks instanceof DeltaIndex ? this.#blocks.stored : this.#blocks;
	}

	get reserved(): BlockIndex {
		return this.#reserved;
	}

	/** The complete index after this image: the base with the changes of a delta applied to it, in place. */
	resolveOnto(base: BlockIndex): BlockIndex {
		if (!(this.#blocks instanceof DeltaIndex)) return this.#blocks;
		this.#blocks.applyTo(base);
		return base;
	}

	/** @throws AfterimageError `failed` when reserved blocks are missing: readers take no holes there */
	content(): IndexContent {
		if (this.#reservedDone !== this.#reserved.count)
			throw new AfterimageError(
				'failed',
				`${this.#reservedDone} of ${this.#reserved.count} reserved blocks were written`,
			);
		return { reserved: this.#reserved, blocks: this.#blocks };
	}
}
