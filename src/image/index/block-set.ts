const perPage = 4096;

/** A set of block numbers, a bit each, in pages that exist only where there are members. */
export class BlockSet {
	readonly count: number;
	readonly #pages: (Uint8Array | undefined)[];

	/** @param count block numbers go from 0 to `count` - 1 */
	constructor(count: number) {
		this.count = count;
		this.#pages = new Array<Uint8Array | undefined>(Math.ceil(count / perPage)).fill(undefined);
	}

	add(block: number): void {
		const page = (this.#pages[Math.floor(block / perPage)] ??= new Uint8Array(perPage / 8));
		page[(block % perPage) >>> 3]! |= 1 << (block & 7);
	}

	delete(block: number): void {
		const page = this.#pages[Math.floor(block / perPage)];
		if (page !== undefined) page[(block % perPage) >>> 3]! &= ~(1 << (block & 7));
	}

	has(block: number): boolean {
		const page = this.#pages[Math.floor(block / perPage)];
		return page !== undefined && (page[(block % perPage) >>> 3]! & (1 << (block & 7))) !== 0;
	}

	/** The first member from `from` to before `end`, or `end`. */
	next(from: number, end = this.count): number {
		let block = from;
		while (block < end) {
			const page = this.#pages[Math.floor(block / perPage)];
			const byte = page?.[(block % perPage) >>> 3];
			if (page === undefined) block = (Math.floor(block / perPage) + 1) * perPage;
			else if (byte === 0) block += 8 - (block % 8);
			else if ((byte! & (1 << (block & 7))) !== 0) return block;
			else block++;
		}
		return end;
	}

	/** The members, ascending. */
	*[Symbol.iterator](): Generator<number> {
		for (let block = this.next(0); block < this.count; block = this.next(block + 1)) yield block;
	}

	/** Number of members. */
	size(): number {
		let total = 0;
		for (const page of this.#pages) for (let byte of page ?? []) for (; byte !== 0; byte &= byte - 1) total++;
		return total;
	}
}
