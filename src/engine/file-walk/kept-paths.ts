/** Paths that are named of a backup, of all partitions together; the others are counted. */
const mostPaths = 1000;

/** How many more paths are kept. */
export class PathLimit {
	#left: number;
	readonly #of: PathLimit | undefined;

	/** @param of is not exceeded either */
	constructor(most = mostPaths, of?: PathLimit) {
		this.#left = most;
		this.#of = of;
	}

	/** Whether one more is kept. */
	take(): boolean {
		if (this.#left === 0 || this.#of?.take() === false) return false;
		this.#left--;
		return true;
	}

	/** The first of them, as many as are kept. */
	keep<T>(paths: readonly T[]): readonly T[] {
		const end = paths.findIndex(() => !this.take());
		return end === -1 ? paths : paths.slice(0, end);
	}
}

/** What is told of paths: the first ones in full, then the number. */
export class KeptPaths<T extends { readonly path: string }> {
	/** All of them. */
	count = 0;
	readonly #limit: PathLimit;
	readonly #kept: T[] = [];

	constructor(limit: PathLimit) {
		this.#limit = limit;
	}

	add(one: T): void {
		this.count++;
		if (this.#limit.take()) this.#kept.push(one);
	}

	/** By their paths. */
	get kept(): readonly T[] {
		return this.#kept.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
	}
}
