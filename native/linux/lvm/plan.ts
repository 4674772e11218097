import type { VolumePart } from '../../../src/engine/ports/snapshot-port.ts';
import { isThin, type LogicalVolume, type PhysicalVolume } from './report.ts';

/** The smallest room for a snapshot, as a part of its volume: who writes more than this meanwhile spoils the backup. */
const leastShare = 1 / 50;
/** What a snapshot needs beside the extents that it keeps, as a part of these: the list of them. */
const listShare = 1 / 100;

/** Ranges of disks that a device is, one within the other: a partition and, for a loop device, the file behind it. */
export type PlacesOf = (device: string) => readonly { readonly disk: string; readonly start: number }[];

/**
 * Why there is no snapshot of a volume, for the image of itself or of a disk that its physical volumes lie on.
 * @param isMapped for the image of a disk: whether a physical volume lies there otherwise than byte by byte (encrypted, in an
 * array); undefined for the image of the volume
 */
export function objectionTo(
	volume: LogicalVolume,
	physical: readonly PhysicalVolume[],
	isMapped: ((device: string) => boolean) | undefined,
): string | undefined {
	const role = volume.role.split(',');
	if (!isThin(volume) && role.includes('snapshot')) return 'it is a snapshot itself';
	if (isMapped !== undefined) {
		const other = volume.segments.find((segment) => segment.on === undefined);
		if (other !== undefined) {
			return `where on the disk it lies is known of linear volumes only, and a part of it is ${other.type}`;
		}
		for (const { on } of volume.segments) {
			const below = physical.find((one) => one.device === on?.device);
			if (below === undefined) return `its physical volume ${on?.device ?? ''} is missing`;
			if (isMapped(below.device))
				return `its physical volume ${below.device} lies encrypted or in an array on the disk`;
			if (below.metadataAreas > 1) return `${below.device} holds the list of its volumes in several places`;
		}
	}
	const least = leastExtents(volume);
	if (!isThin(volume) && volume.freeExtents < least) {
		const free = megabytes(volume.freeExtents * volume.extentSize);
		return `its volume group ${volume.group} has ${free} free: expected at least ${megabytes(least * volume.extentSize)}`;
	}
	return undefined;
}

/**
 * Extents that the snapshot of each volume gets: as many as it can need at most, or else its share of what is free.
 * Undefined where that is less than what makes sense. Thin volumes need none.
 */
export function extentsFor(volumes: readonly LogicalVolume[]): Map<LogicalVolume, number> | undefined {
	const extents = new Map<LogicalVolume, number>();
	for (const volume of volumes.filter((one) => !isThin(one))) {
		const together = volumes.filter((one) => !isThin(one) && one.group === volume.group).map(mostExtents);
		const wanted = together.reduce((a, b) => a + b, 0);
		const most = mostExtents(volume);
		const share = Math.min(most, Math.floor((volume.freeExtents * most) / wanted));
		if (share < leastExtents(volume)) return undefined;
		extents.set(volume, share);
	}
	return extents;
}

/** Where the bytes of a volume of linear segments lie, on every disk that one of its devices is part of. */
export function partsOf(volume: LogicalVolume, physical: readonly PhysicalVolume[], placesOf: PlacesOf): VolumePart[] {
	return volume.segments.flatMap(({ on, start, length }) => {
		const below = physical.find((one) => one.device === on?.device);
		if (on === undefined || below === undefined) return [];
		const first = below.extentsStart + on.extent * volume.extentSize;
		return placesOf(on.device).map((place) => ({
			disk: place.disk,
			start: place.start + first,
			length,
			at: start,
		}));
	});
}

function leastExtents({ size, extentSize }: LogicalVolume): number {
	return Math.max(1, Math.ceil((size * leastShare) / extentSize));
}

function mostExtents({ size, extentSize }: LogicalVolume): number {
	return Math.ceil((size * (1 + listShare)) / extentSize) + 1;
}

function megabytes(bytes: number): string {
	return `${Math.round(bytes / 1e6)} MB`;
}
