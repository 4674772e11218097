import { alignment } from '../table/pack.ts';

/** A partition that may become smaller. Bytes. */
export interface Shareable {
	/** In the image. */
	readonly number: number;
	/** First byte on the imaged disk, by which the partition is known. */
	readonly start: number;
	readonly length: number;
	/** What it is to have, whole MiB; undefined = what is left for it. */
	readonly size: number | undefined;
	/** What it needs. */
	readonly least: number;
}

/** New lengths, by the first byte that partitions had. */
export type Lengths = ReadonlyMap<number, number>;

export interface Shared {
	readonly lengths: Lengths;
	/** Bytes that a target needs for them. */
	readonly needed: number;
}

/** Rounds in which what alignment adds is taken from the partitions too. */
const rounds = 16;

/**
 * Lengths with which everything fits: each partition gives up the same share of what is free in it, and none becomes smaller than it
 * must, in whole MiB. Where it does not fit however small they are, the least lengths.
 * @param targetSize bytes
 * @param sizeWith what a target needs where partitions have certain lengths, bytes
 */
export async function shareLengths(
	partitions: readonly Shareable[],
	targetSize: number,
	sizeWith: (lengths: Lengths) => Promise<number>,
): Promise<Shared> {
	const withShare = async (missing: number): Promise<Shared> => {
		const lengths = new Map(partitions.map((one) => [one.start, lengthOf(one, missing, spare)]));
		return { lengths, needed: await sizeWith(lengths) };
	};
	const spare = partitions.reduce((sum, one) => sum + spareOf(one), 0);
	let shared = await withShare(0);
	let missing = 0;
	for (let round = 0; round < rounds && shared.needed > targetSize && missing < spare; round++) {
		missing += Math.max(shared.needed - targetSize, 1);
		shared = await withShare(missing);
	}
	return shared.needed > targetSize ? withShare(spare) : shared;
}

/** The least that a partition can have. @returns bytes, whole MiB where that is not more than it had */
export function leastLength({ length, least }: Pick<Shareable, 'length' | 'least'>): number {
	return Math.min(length, Math.max(alignment, Math.ceil(least / alignment) * alignment));
}

/** What a partition can give up. */
function spareOf(one: Shareable): number {
	return one.size === undefined ? one.length - leastLength(one) : 0;
}

/** @param missing bytes that all have to give up together @param spare bytes that all can */
function lengthOf(one: Shareable, missing: number, spare: number): number {
	if (one.size !== undefined) return one.size;
	const own = spareOf(one);
	if (missing === 0 || own === 0) return one.length;
	if (missing >= spare) return one.length - own;
	const given = Math.floor(one.length - missing * (own / spare));
	return Math.max(one.length - own, Math.floor(given / alignment) * alignment);
}
