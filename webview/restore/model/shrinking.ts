import type { ImagePartitionInfo } from '../../../src/protocol/backups.ts';
import { isBlank, chosenOf, neededSize, type Source, type Target } from './target.ts';

/** What can be done where the partitions of an image are too large for a target. */
export interface Shrinking {
	/** Partitions whose file systems their own tools make smaller. */
	readonly able: readonly ImagePartitionInfo[];
	/** Bytes that they would have, by their numbers, about: their tools have the last word. */
	readonly lengths: ReadonlyMap<number, number>;
}

/** Names of file systems in images. */
const able: readonly string[] = ['ext', 'NTFS'];

/** Partitions begin and end at multiples of it. */
const alignment = 1024 * 1024;

/**
 * How everything fits on a target that gets the table of the image and is too small by what is free in some partitions: each of these
 * gives up the same share of it. Undefined where nothing has to shrink, or that would not be enough.
 */
export function shrinkingFor(source: Source, target: Target): Shrinking | undefined {
	if (target.kind === 'new-file' || source.disk.table === 'none') return undefined;
	if (source.partitions !== undefined && !isBlank(target.disk)) return undefined;
	const missing = neededSize(source) - target.disk.size;
	if (missing <= 0) return undefined;
	const partitions = chosenOf(source).filter(
		({ fileSystem, length, used }) => able.includes(fileSystem) && used < length,
	);
	const spare = partitions.reduce((sum, { length, used }) => sum + length - used, 0);
	// Each is rounded to whole MiB.
	const share = (missing + partitions.length * alignment) / spare;
	if (share >= 1) return undefined;
	const shrunk = ({ length, used }: ImagePartitionInfo) => length - share * (length - used);
	return {
		able: partitions,
		lengths: new Map(partitions.map((one) => [one.number, Math.floor(shrunk(one) / alignment) * alignment])),
	};
}
