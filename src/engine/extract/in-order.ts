/** Has reports of work that is done beside each other made in the order in which it began. */
export class InOrder {
	#begun = 0;
	#reported = 0;
	readonly #early = new Map<number, () => void>();

	/** @returns what takes the report when the work is done; work that gives none keeps those behind it waiting for ever */
	begin(): (report: () => void) => void {
		const number = this.#begun++;
		return (report) => {
			this.#early.set(number, report);
			for (let next; (next = this.#early.get(this.#reported)) !== undefined; this.#reported++) {
				this.#early.delete(this.#reported);
				next();
			}
		};
	}
}
