import { damaged } from '../../base/errors.ts';
import { blockGroup, Chunk, Stripe } from './structures.ts';

const profiles: readonly [bit: number, name: string][] = [
	[blockGroup.raid0, 'RAID0'],
	[blockGroup.raid1, 'RAID1'],
	[blockGroup.raid10, 'RAID10'],
	[blockGroup.raid5, 'RAID5'],
	[blockGroup.raid6, 'RAID6'],
	[blockGroup.raid1c3, 'RAID1C3'],
	[blockGroup.raid1c4, 'RAID1C4'],
];
const knownTypes =
	blockGroup.data |
	blockGroup.system |
	blockGroup.metadata |
	blockGroup.dup |
	profiles.reduce((all, [bit]) => all | bit, 0);

/** Columns of the table: first logical byte, length, first byte of each of up to two copies on the device. */
const columns = 4;
const noCopy = -1;

/**
 * The logical addresses of the file system and where they lie on its one device: a sorted table that grows as chunks
 * are added in ascending order.
 */
export class ChunkMap {
	readonly #devid: number;
	readonly #deviceSize: number;
	#table = new Float64Array(64 * columns);
	#count = 0;
	/** Names of profiles that this map cannot follow. */
	#unsupported: string | undefined;
	/** Where the last look-up ended: look-ups come in ascending order mostly. */
	#last = 0;

	constructor(devid: number, deviceSize: number) {
		this.#devid = devid;
		this.#deviceSize = deviceSize;
	}

	/** The first profile found that is neither single nor DUP, in words. */
	get unsupported(): string | undefined {
		return this.#unsupported;
	}

	/**
	 * Adds the chunk that begins at `logical`, described by the item `bytes`.
	 * @returns bytes of the description
	 * @throws AfterimageError `structure-damaged` when it overlaps the chunk before it or leaves the device
	 */
	add(logical: number, bytes: Uint8Array): number {
		const chunk = new Chunk(bytes);
		const damage = (field: string, expected: string | number, found: number) =>
			damaged('structure-damaged', `Btrfs chunk, ${field}`, logical, expected, found);
		const size = Chunk.size + chunk.numStripes * Stripe.size;
		if (size > bytes.length) throw damage('number of stripes', `room for ${bytes.length} bytes`, chunk.numStripes);
		const length = chunk.length;
		const end = this.#count === 0 ? 0 : this.#at(this.#count - 1, 0) + this.#at(this.#count - 1, 1);
		if (logical < end) throw damage('start', `at least ${end}`, logical);
		if (length === 0 || !Number.isSafeInteger(logical + length)) throw damage('length', 'a sane one', length);
		const profile = profiles.find(([bit]) => (chunk.type & bit) !== 0)?.[1];
		if (profile !== undefined || chunk.type > knownTypes) {
			this.#unsupported ??= `Btrfs profile ${profile ?? `0x${chunk.type.toString(16)}`} is not supported`;
			return size;
		}
		const copies = (chunk.type & blockGroup.dup) !== 0 ? 2 : 1;
		if (chunk.numStripes !== copies) throw damage('number of stripes', copies, chunk.numStripes);
		const places = [noCopy, noCopy];
		for (let i = 0; i < copies; i++) {
			const stripe = new Stripe(bytes, Chunk.size + i * Stripe.size);
			if (stripe.devid !== this.#devid) throw damage('device', this.#devid, stripe.devid);
			if (stripe.offset + length > this.#deviceSize)
				throw damage('end', `at most ${this.#deviceSize}`, stripe.offset + length);
			places[i] = stripe.offset;
		}
		if ((this.#count + 1) * columns > this.#table.length) {
			const larger = new Float64Array(this.#table.length * 2);
			larger.set(this.#table);
			this.#table = larger;
		}
		this.#table.set([logical, length, places[0]!, places[1]!], this.#count++ * columns);
		return size;
	}

	/**
	 * Finds the places of a logical range, one for each copy, and calls `place` with the first byte on the device.
	 * @returns false when the range does not lie in one chunk
	 */
	locate(logical: number, length: number, place: (device: number) => void): boolean {
		const row = this.#find(logical);
		if (row < 0) return false;
		const inside = logical - this.#at(row, 0);
		if (inside + length > this.#at(row, 1)) return false;
		for (let column = 2; column < columns; column++) {
			const start = this.#at(row, column);
			if (start !== noCopy) place(start + inside);
		}
		return true;
	}

	/** End of the chunk that holds `logical`, or undefined. */
	chunkEnd(logical: number): number | undefined {
		const row = this.#find(logical);
		return row < 0 ? undefined : this.#at(row, 0) + this.#at(row, 1);
	}

	#find(logical: number): number {
		const last = this.#last;
		if (last < this.#count && this.#holds(last, logical)) return last;
		let low = 0;
		let high = this.#count;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.#at(middle, 0) <= logical) low = middle + 1;
			else high = middle;
		}
		const row = low - 1;
		if (row < 0 || !this.#holds(row, logical)) return -1;
		this.#last = row;
		return row;
	}

	#holds(row: number, logical: number): boolean {
		const inside = logical - this.#at(row, 0);
		return inside >= 0 && inside < this.#at(row, 1);
	}

	#at(row: number, column: number): number {
		return this.#table[row * columns + column]!;
	}
}
