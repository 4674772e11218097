/** Bytes of decoded blocks that are kept. */
const standardBytes = 16 * 2 ** 20;

/** Blocks that were used last, by a number; of bounded size. */
export class BlockCache {
	readonly #most: number;
	/** Those that were used the longest ago come first. */
	readonly #blocks = new Map<number, Uint8Array>();
	#bytes = 0;

	/** @param most bytes of all blocks together */
	constructor(most = standardBytes) {
		this.#most = most;
	}

	get(key: number): Uint8Array | undefined {
		const block = this.#blocks.get(key);
		if (block === undefined) return undefined;
		this.#blocks.delete(key);
		this.#blocks.set(key, block);
		return block;
	}

	/** A block that is larger than all may be together is not kept. */
	set(key: number, block: Uint8Array): void {
		if (block.length > this.#most) return;
		this.#drop(key);
		this.#blocks.set(key, block);
		this.#bytes += block.length;
		for (const oldest of this.#blocks.keys()) {
			if (this.#bytes <= this.#most) break;
			this.#drop(oldest);
		}
	}

	#drop(key: number): void {
		this.#bytes -= this.#blocks.get(key)?.length ?? 0;
		this.#blocks.delete(key);
	}
}
