/** Paths that are named of a backup, of all partitions together; the others are counted. */
const mostPaths = 1000;

/** Characters of a path for which it counts as one: folders within folders may make one of megabytes. */
const pathLength = 1024;

/** How many more paths are kept. */
export class PathLimit {
	#left: number;
	readonly #of: PathLimit | undefined;

	/** @param of is not exceeded either */
	constructor(most = mostPaths, of?: PathLimit) {
		this.#left = most;
		this.#of = of;
	}

	/** Whether a path is kept; one that is very long counts as several. */
	take(path: string): boolean {
		const weight = Math.max(1, Math.ceil(path.length / pathLength));
		if (this.#left < weight || this.#of?.take(path) === false) return false;
		this.#left -= weight;
		return true;
	}

	/** Those that are kept. */
	keep<T extends { readonly path: string }>(paths: readonly T[]): readonly T[] {
		return paths.filter(({ path }) => this.take(path));
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
		if (this.#limit.take(one.path)) this.#kept.push(one);
	}

	/** By their paths. */
	get kept(): readonly T[] {
		return this.#kept.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
	}
}
