import { checkRange, type ByteSource } from '../../base/bytes.ts';

/** A piece of a logical volume. Bytes. */
export interface Segment {
	readonly length: number;
	/** That lie together on one area before the next one's turn comes; `length` where there is one area alone. */
	readonly stripeSize: number;
	/** Where each area begins on the physical volume. */
	readonly areas: readonly number[];
}

/** A logical volume all of which lies on one physical volume. */
export class VolumeSource implements ByteSource {
	readonly #physical: ByteSource;
	readonly size: number;
	/** Where each segment begins, and the end of the last. */
	readonly #starts: Float64Array;
	readonly #stripeSizes: Float64Array;
	/** Number of each segment's first area, and the number of all areas. */
	readonly #firstAreas: Uint32Array;
	readonly #areas: Float64Array;

	/** @param segments in their order, all within `physical` */
	constructor(physical: ByteSource, segments: readonly Segment[]) {
		this.#physical = physical;
		this.#starts = new Float64Array(segments.length + 1);
		this.#firstAreas = new Uint32Array(segments.length + 1);
		for (const [i, { length, areas }] of segments.entries()) {
			this.#starts[i + 1] = this.#starts[i]! + length;
			this.#firstAreas[i + 1] = this.#firstAreas[i]! + areas.length;
		}
		this.#stripeSizes = Float64Array.from(segments, ({ stripeSize }) => stripeSize);
		this.#areas = Float64Array.from(segments.flatMap(({ areas }) => areas));
		this.size = this.#starts[segments.length]!;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read of a logical volume', offset, target.length, this.size);
		let done = 0;
		for (const [start, end] of this.places(offset, offset + target.length)) {
			await this.#physical.read(start, target.subarray(done, done + end - start));
			done += end - start;
		}
	}

	/** Where bytes of the volume lie on the physical one, in their order; ends are exclusive. */
	*places(from: number, to: number): Generator<readonly [start: number, end: number]> {
		if (from >= to) return;
		let segment = this.#find(from);
		for (let at = from; at < to;) {
			if (at === this.#starts[segment + 1]) segment++;
			const within = at - this.#starts[segment]!;
			const stripeSize = this.#stripeSizes[segment]!;
			const first = this.#firstAreas[segment]!;
			const areas = this.#firstAreas[segment + 1]! - first;
			const stripe = Math.floor(within / stripeSize);
			const inStripe = within % stripeSize;
			const place = this.#areas[first + (stripe % areas)]! + Math.floor(stripe / areas) * stripeSize + inStripe;
			const length = Math.min(to - at, stripeSize - inStripe);
			yield [place, place + length];
			at += length;
		}
	}

	/** The segment that holds a byte. */
	#find(offset: number): number {
		let low = 0;
		let high = this.#stripeSizes.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >>> 1;
			if (this.#starts[middle]! <= offset) low = middle;
			else high = middle - 1;
		}
		return low;
	}
}
