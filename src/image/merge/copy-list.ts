import { damaged } from '../../base/errors.ts';
import type { BlockIndex } from '../index/block-index.ts';
import type { SetMember } from '../set/set-member.ts';

/**
 * Stored blocks of one source file that move to the new one: each once, in the order in which they lie, so that the
 * file is read from front to back. Columns, not objects: a terabyte has 16 million blocks.
 */
export class CopyList {
	readonly member: SetMember;
	#positions = new Float64Array(1024);
	#count = 0;
	#lengths = new Uint32Array(0);
	#targets = new Float64Array(0);

	constructor(member: SetMember) {
		this.member = member;
	}

	add(position: number): void {
		if (this.#count === this.#positions.length) {
			const larger = new Float64Array(this.#count * 2);
			larger.set(this.#positions);
			this.#positions = larger;
		}
		this.#positions[this.#count++] = position;
	}

	/** Puts the positions in order, each once; then lengths can be set. */
	sort(): void {
		const sorted = this.#positions.subarray(0, this.#count).sort();
		let unique = 0;
		for (let i = 0; i < this.#count; i++)
			if (i === 0 || sorted[i] !== sorted[unique - 1]) sorted[unique++] = sorted[i]!;
		this.#count = unique;
		this.#lengths = new Uint32Array(unique);
		this.#targets = new Float64Array(unique);
	}

	/** @throws AfterimageError `image-damaged` when two elements give one position different lengths */
	setLength(position: number, length: number): void {
		const i = this.#find(position);
		const known = this.#lengths[i]!;
		if (known !== 0 && known !== length)
			throw damaged('image-damaged', `${this.member.path}: stored block`, position, `${known} bytes`, length);
		this.#lengths[i] = length;
	}

	/**
	 * Gives each block its place in the new file, from `start` on.
	 * @returns where the next one goes
	 * @throws AfterimageError `image-damaged` when two blocks overlap
	 */
	place(start: number): number {
		let at = start;
		for (let i = 0; i < this.#count; i++) {
			if (i > 0 && this.#positions[i]! < this.#positions[i - 1]! + this.#lengths[i - 1]!)
				throw damaged(
					'image-damaged',
					`${this.member.path}: stored block`,
					this.#positions[i]!,
					`no overlap with the block at ${this.#positions[i - 1]!}`,
					`${this.#lengths[i - 1]!} bytes there`,
				);
			this.#targets[i] = at;
			at += this.#lengths[i]!;
		}
		return at;
	}

	/** Where the block that lay at `position` goes. */
	target(position: number): number {
		return this.#targets[this.#find(position)]!;
	}

	/** Blocks in the list, each once after {@link CopyList.sort}. */
	get count(): number {
		return this.#count;
	}

	/** Where block `i` of the list lies, in bytes. */
	position(i: number): number {
		return this.#positions[i]!;
	}

	/** Stored bytes of block `i` of the list. */
	length(i: number): number {
		return this.#lengths[i]!;
	}

	#find(position: number): number {
		let low = 0;
		let high = this.#count - 1;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.#positions[middle]! < position) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}

/** Calls `take` for each stored block whose file number is in `numbers`. */
export function eachIn(
	index: BlockIndex,
	numbers: ReadonlyMap<number, CopyList>,
	take: (list: CopyList, block: number) => void,
): void {
	for (let block = index.next(0); block < index.count; block = index.next(block + 1)) {
		const list = numbers.get(index.fileNumber(block));
		if (list !== undefined) take(list, block);
	}
}
