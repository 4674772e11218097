import type { RangeColumns } from '../byte-ranges.ts';
import type { CopyList } from './copy-list.ts';

/** Goes once through what lists have to copy, in the order in which it is written. */
export class CopyCursor {
	readonly #copies: readonly CopyList[];
	#list = 0;
	#block = 0;
	/** Bytes of the block that were described before. */
	#done = 0;

	constructor(copies: readonly CopyList[]) {
		this.#copies = copies;
	}

	/**
	 * Describes the next ranges, of `most` bytes at most together; blocks that touch are one. A range's file number is the place of its list.
	 * @returns how many ranges; 0 when all are described
	 */
	next(ranges: RangeColumns, most: number): number {
		const { fileNumbers, positions, lengths } = ranges;
		let count = 0;
		let room = most;
		while (this.#list < this.#copies.length && room > 0) {
			const list = this.#copies[this.#list]!;
			if (this.#block === list.count) {
				[this.#list, this.#block] = [this.#list + 1, 0];
				continue;
			}
			const position = list.position(this.#block) + this.#done;
			const left = list.length(this.#block) - this.#done;
			const length = Math.min(left, room);
			const last = count - 1;
			if (last >= 0 && fileNumbers[last] === this.#list && positions[last]! + lengths[last]! === position) {
				lengths[last]! += length;
			} else {
				if (count === positions.length) break;
				fileNumbers[count] = this.#list;
				positions[count] = position;
				lengths[count++] = length;
			}
			room -= length;
			if (length === left) [this.#block, this.#done] = [this.#block + 1, 0];
			else this.#done += length;
		}
		return count;
	}
}
