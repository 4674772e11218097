import { RecentMap } from '../../../base/recent-map.ts';

/**
 * What was loaded last, by number: at most `limit` values.
 * Those who ask for the same number at the same time wait for one load.
 */
export class Recent<T> {
	readonly #load: (number: number) => Promise<T>;
	readonly #values: RecentMap<number, Promise<T>>;

	constructor(limit: number, load: (number: number) => Promise<T>) {
		this.#values = new RecentMap(limit);
		this.#load = load;
	}

	/** @throws what loading throws; the next one who asks tries again */
	async get(number: number): Promise<T> {
		let value = this.#values.get(number);
		if (value === undefined) {
			value = this.#load(number);
			this.#values.set(number, value);
		}
		try {
			return await value;
		} catch (error) {
			this.#values.remove(number, value);
			throw error;
		}
	}
}
