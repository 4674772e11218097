import type { ImageDiskInfo, ImagePartitionInfo } from '../../../src/protocol/backups.ts';
import type { DiskInfo, PartitionInfo } from '../../../src/protocol/disks.ts';

/** Where an image is restored to: a disk or file that is there, or a raw file that will be made. */
export type Target =
	{ readonly kind: 'disk'; readonly disk: DiskInfo } | { readonly kind: 'new-file'; readonly path: string };

export interface Source {
	readonly disk: ImageDiskInfo;
	/** Numbers of the chosen partitions; undefined is the whole disk. */
	readonly partitions: readonly number[] | undefined;
}

export function pathOf(target: Target): string {
	return target.kind === 'disk' ? target.disk.path : target.path;
}

/** The partitions of the image that are restored. */
export function chosenOf({ disk, partitions }: Source): readonly ImagePartitionInfo[] {
	return disk.partitions.filter(({ number }) => partitions?.includes(number) ?? true);
}

/** The only partition that was chosen; undefined for a whole disk and for several. */
export function onlyChosen(source: Source): ImagePartitionInfo | undefined {
	const chosen = chosenOf(source);
	return source.partitions !== undefined && chosen.length === 1 ? chosen[0] : undefined;
}

/** Bytes that a target must have: up to the end of the last partition that is restored, and what the table takes behind it. */
export function neededSize(source: Source): number {
	const ends = chosenOf(source).map(({ start, length }) => start + length);
	return Math.max(0, ...ends) + source.disk.backupTableSize;
}

/** The partition of the target that stands where a partition of the image did, if it can take it. */
export function placeFor(partition: ImagePartitionInfo, target: DiskInfo): PartitionInfo | undefined {
	return target.partitions.find(({ start, length }) => start === partition.start && length >= partition.length);
}

/** Neither a table nor a file system was found on it; whether it is empty indeed is for the engine to look at. */
export function isBlank({ table, partitions }: DiskInfo): boolean {
	return table === 'none' && partitions.every(({ fileSystem }) => fileSystem === 'unknown' || fileSystem === '');
}
