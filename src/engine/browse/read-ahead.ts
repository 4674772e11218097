/** Most bytes that are read ahead at once. */
const mostBytes = 2 * 2 ** 20;
/** Blocks that are looked back on. */
const lookBack = 64;

/** How much to read ahead: as much as pays, by what became of the last blocks that were. */
export class ReadAhead {
	/** Blocks that were read ahead and that nobody has asked for. */
	readonly #unused = new Set<number>();
	#ahead = 0;
	#share = 1;

	/** How many blocks to read ahead; at least one, to see whether it pays again. */
	blocks(blockSize: number): number {
		return Math.max(1, Math.floor((mostBytes * this.#share) / blockSize));
	}

	noteAhead(key: number): void {
		this.#unused.add(key);
		if (++this.#ahead < lookBack) return;
		const used = 1 - this.#unused.size / this.#ahead;
		this.#share = used > 0.5 ? Math.min(1, this.#share * 2) : Math.max(1 / lookBack, this.#share / 4);
		this.#ahead = 0;
		this.#unused.clear();
	}

	noteUse(key: number): void {
		this.#unused.delete(key);
	}
}
