/** A set of block numbers, one bit each, allocated when the first is added. */
export class BlockSet {
	readonly count: number;
	#bits: Uint8Array | undefined;

	/** @param count block numbers go from 0 to `count` - 1 */
	constructor(count: number) {
		this.count = count;
	}

	add(block: number): void {
		this.#bits ??= new Uint8Array(Math.ceil(this.count / 8));
		this.#bits[block >>> 3]! |= 1 << (block & 7);
	}

	delete(block: number): void {
		if (this.#bits !== undefined) this.#bits[block >>> 3]! &= ~(1 << (block & 7));
	}

	has(block: number): boolean {
		return this.#bits !== undefined && ((this.#bits[block >>> 3] ?? 0) & (1 << (block & 7))) !== 0;
	}

	/** The first member at or after `from`, or `count`. */
	next(from: number): number {
		if (this.#bits === undefined) return this.count;
		let block = from;
		while (block < this.count) {
			const byte = this.#bits[block >>> 3]!;
			if (byte === 0) block = (block | 7) + 1;
			else if ((byte & (1 << (block & 7))) !== 0) return block;
			else block++;
		}
		return this.count;
	}

	/** Number of members. */
	size(): number {
		let total = 0;
		for (let byte of this.#bits ?? []) for (; byte !== 0; byte &= byte - 1) total++;
		return total;
	}
}
