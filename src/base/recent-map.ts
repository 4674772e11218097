/** A map of bounded size: when it is full, the value that was not asked for the longest goes. */
export class RecentMap<K, V extends object> {
	readonly #most: number;
	/** The one used longest ago first. */
	readonly #values = new Map<K, V>();

	/** @param most values that are kept; at least 1 */
	constructor(most: number) {
		this.#most = most;
	}

	get(key: K): V | undefined {
		const value = this.#values.get(key);
		if (value !== undefined) {
			this.#values.delete(key);
			this.#values.set(key, value);
		}
		return value;
	}

	set(key: K, value: V): void {
		this.#values.delete(key);
		this.#values.set(key, value);
		if (this.#values.size > this.#most) this.#values.delete(this.#values.keys().next().value!);
	}

	/** Removes the value, unless another has taken its place. */
	remove(key: K, value: V): void {
		if (this.#values.get(key) === value) this.#values.delete(key);
	}

	clear(): void {
		this.#values.clear();
	}
}
