import type { SharedFile } from '../../disk/files.ts';

/** Files with several names that are remembered at once; each takes some hundred bytes. */
const most = 100_000;

/** Remembers files that have several names, from the first of them that comes until the last. */
export class SharedFiles<T> {
	readonly #limit: number;
	readonly #volumes = new Map<object, Map<string, { value: T; left: number }>>();
	#count = 0;

	constructor(limit = most) {
		this.#limit = limit;
	}

	/** What was remembered with an earlier name; undefined for the first that comes. */
	find({ volume, number }: SharedFile): T | undefined {
		const files = this.#volumes.get(volume);
		const found = files?.get(number);
		if (found !== undefined && --found.left === 0) {
			files!.delete(number);
			this.#count--;
		}
		return found?.value;
	}

	/** Remembers one with a name of it, in place of what was remembered before. @returns false when there are too many */
	remember({ volume, number, names }: SharedFile, value: T): boolean {
		const files = this.#volumes.get(volume) ?? new Map<string, { value: T; left: number }>();
		const known = files.get(number);
		if (known !== undefined) {
			known.value = value;
			return true;
		}
		if (this.#count >= this.#limit) return false;
		this.#volumes.set(volume, files);
		files.set(number, { value, left: names - 1 });
		this.#count++;
		return true;
	}
}
