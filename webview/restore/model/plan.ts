import type { RestorePlace } from '../../../src/protocol/restore.ts';
import type { PartitionInfo } from '../../../src/protocol/disks.ts';
import { growths, type Growth } from './growth.ts';
import { placeOf, placesFor, type Place } from './places.ts';
import { shrinkingFor, type Shrinking } from './shrinking.ts';
import { chosenOf, isBlank, placeFor, type Source, type Target } from './target.ts';

/** What is restored, and where. */
export interface Plan {
	readonly source: Source;
	readonly target: Target;
	/** Where the one chosen partition could go; empty when there is nothing to choose. */
	readonly places: readonly Place[];
	/** The one that is taken; undefined with `places` has yet to be chosen. */
	readonly place: Place | undefined;
	/** Partitions that could grow. */
	readonly growths: readonly Growth[];
	/** The one that does. */
	readonly growth: Growth | undefined;
	/** How partitions could become smaller; undefined where that is not needed, or not enough. */
	readonly shrinking: Shrinking | undefined;
	/** Whether they do. */
	readonly shrinks: boolean;
}

/**
 * @param into the chosen place
 * @param grow number of the partition that was chosen to grow
 * @param shrink whether partitions may become smaller; of all three what is not possible counts nothing
 */
export function makePlan(source: Source, target: Target, into?: RestorePlace, grow?: number, shrink = false): Plan {
	const places = placesFor(source, target);
	const able = growths(source, target);
	const place = placeOf(places, target, into);
	const shrinking = place?.into === undefined ? shrinkingFor(source, target) : undefined;
	return {
		source,
		target,
		places,
		place,
		shrinking,
		shrinks: shrink && shrinking !== undefined,
		growths: able,
		growth: able.find(({ partition }) => partition.number === grow),
	};
}

/** Whether a person has to say first which partition of the target is taken. */
export function lacksPlace({ places, place }: Plan): boolean {
	return place === undefined && places.some(({ obstacle }) => obstacle === undefined);
}

/** Whether it is a partition of the target's own table that takes the one of the image. */
export function picksPartition({ target, places }: Plan): boolean {
	return places.length > 0 && target.kind === 'disk' && target.disk.table !== 'none';
}

/** Partitions of the target that lose what they hold. */
export function overwritten({ source, target, places, place }: Plan): readonly PartitionInfo[] {
	if (target.kind === 'new-file') return [];
	const { disk } = target;
	if (places.length > 0) return place?.partition === undefined ? [] : [place.partition];
	if (source.partitions === undefined || isBlank(disk)) return disk.partitions;
	return chosenOf(source).flatMap((partition) => placeFor(partition, disk) ?? []);
}

/** Whether the target keeps its table, and with it all partitions but those that are overwritten. */
export function keepsTable({ source, target }: Plan): boolean {
	return target.kind === 'disk' && source.partitions !== undefined && !isBlank(target.disk);
}
