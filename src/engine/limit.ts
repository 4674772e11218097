/** Lets so many do something at once; the others wait in a row. */
export class Limit {
	#free: number;
	readonly #waiting: (() => void)[] = [];

	constructor(most: number) {
		this.#free = most;
	}

	async enter(): Promise<void> {
		if (this.#free > 0) this.#free--;
		else await new Promise<void>((wake) => this.#waiting.push(wake));
	}

	leave(): void {
		const next = this.#waiting.shift();
		if (next === undefined) this.#free++;
		else next();
	}
}
