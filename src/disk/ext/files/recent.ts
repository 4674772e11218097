/**
 * What was loaded last, by number: at most `limit` values, the one that was not asked for the longest is dropped first.
 * Those who ask for the same number at the same time wait for one load.
 */
export class Recent<T> {
	readonly #load: (number: number) => Promise<T>;
	readonly #limit: number;
	readonly #values = new Map<number, Promise<T>>();

	constructor(limit: number, load: (number: number) => Promise<T>) {
		this.#limit = limit;
		this.#load = load;
	}

	/** @throws what loading throws; the next one who asks tries again */
	async get(number: number): Promise<T> {
		let value = this.#values.get(number);
		if (value === undefined) {
			value = this.#load(number);
			if (this.#values.size >= this.#limit) this.#values.delete(this.#values.keys().next().value!);
		} else {
			this.#values.delete(number);
		}
		this.#values.set(number, value);
		try {
			return await value;
		} catch (error) {
			if (this.#values.get(number) === value) this.#values.delete(number);
			throw error;
		}
	}
}
