/** Bytes of decoded blocks that are kept. */
const standardBytes = 16 * 2 ** 20;

/**
 * Copies of the blocks that were used last, by a number; of bounded size. The memory of a block that is given up is used for the
 * one that takes its place: a new array for each would be garbage by the gigabyte.
 */
export class BlockCache {
	readonly #most: number;
	/** Those that were used the longest ago come first. */
	readonly #blocks = new Map<number, Uint8Array>();
	#bytes = 0;

	/** @param most bytes of all blocks together */
	constructor(most = standardBytes) {
		this.#most = most;
	}

	/** The block, until the next {@link set}: copy what you need of it. */
	get(key: number): Uint8Array | undefined {
		const block = this.#blocks.get(key);
		if (block === undefined) return undefined;
		this.#blocks.delete(key);
		this.#blocks.set(key, block);
		return block;
	}

	has(key: number): boolean {
		return this.#blocks.has(key);
	}

	/** A block that is larger than all may be together is not kept. */
	set(key: number, block: Uint8Array): void {
		if (block.length > this.#most) return;
		let room = this.#take(key);
		for (const oldest of this.#blocks.keys()) {
			if (this.#bytes + block.length <= this.#most) break;
			const freed = this.#take(oldest);
			if (freed?.length === block.length) room = freed;
		}
		const copy = room?.length === block.length ? room : new Uint8Array(block.length);
		copy.set(block);
		this.#blocks.set(key, copy);
		this.#bytes += copy.length;
	}

	#take(key: number): Uint8Array | undefined {
		const block = this.#blocks.get(key);
		this.#bytes -= block?.length ?? 0;
		this.#blocks.delete(key);
		return block;
	}
}
