import type { UsedSink } from '../filesystem.ts';

/** One bit a cluster, the lowest bit of a byte first: what is in use. 32 MiB for the largest FAT32 volume. */
export class ClusterBits {
	readonly count: number;
	readonly #bits: Uint8Array;

	constructor(count: number) {
		this.count = count;
		this.#bits = new Uint8Array(Math.ceil(count / 8));
	}

	set(cluster: number): void {
		this.#bits[cluster >>> 3]! |= 1 << (cluster & 7);
	}

	has(cluster: number): boolean {
		return ((this.#bits[cluster >>> 3] ?? 0) & (1 << (cluster & 7))) !== 0;
	}

	/** The first cluster that is set here and not in `other`, or -1. */
	firstMissingIn(other: ClusterBits): number {
		for (let i = 0; i < this.#bits.length; i++) {
			const missing = this.#bits[i]! & ~other.#bits[i]!;
			if (missing !== 0) return i * 8 + (31 - Math.clz32(missing & -missing));
		}
		return -1;
	}

	setCount(): number {
		return popCount(this.#bits, this.count);
	}

	/** Reports every run of set clusters. @param base byte where cluster 0 of this map begins */
	report(sink: UsedSink, base: number, clusterSize: number): void {
		reportRuns(this.#bits, 0, this.count, sink, base, clusterSize);
	}
}

/** Set bits among the first `count`. */
export function popCount(bits: Uint8Array, count: number): number {
	let total = 0;
	const whole = count >>> 3;
	for (let i = 0; i < whole; i++) total += setBits[bits[i]!]!;
	const rest = count & 7;
	if (rest !== 0) total += setBits[bits[whole]! & ((1 << rest) - 1)]!;
	return total;
}

const setBits = Uint8Array.from({ length: 256 }, (_, value) => {
	let total = 0;
	for (let left = value; left !== 0; left &= left - 1) total++;
	return total;
});

/**
 * Reports the byte range of every run of set bits.
 * @param bits bit 0 of byte 0 is cluster `first`
 * @param count clusters that the bits tell about
 * @param base byte where cluster 0 begins
 */
export function reportRuns(
	bits: Uint8Array,
	first: number,
	count: number,
	sink: UsedSink,
	base: number,
	clusterSize: number,
): void {
	let runStart = -1;
	for (let i = 0; i < count; i++) {
		if ((i & 7) === 0 && i + 8 <= count) {
			const byte = bits[i >>> 3]!;
			if (byte === (runStart === -1 ? 0 : 0xff)) {
				i += 7;
				continue;
			}
		}
		const used = (bits[i >>> 3]! & (1 << (i & 7))) !== 0;
		if (used === (runStart !== -1)) continue;
		if (used) {
			runStart = i;
		} else {
			sink.add(base + (first + runStart) * clusterSize, base + (first + i) * clusterSize);
			runStart = -1;
		}
	}
	if (runStart !== -1) sink.add(base + (first + runStart) * clusterSize, base + (first + count) * clusterSize);
}
