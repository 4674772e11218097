import type { ImagePartitionInfo } from '../../../src/protocol/backups.ts';
import type { DiskInfo, PartitionInfo } from '../../../src/protocol/disks.ts';
import type { RestorePlace } from '../../../src/protocol/restore.ts';
import { t } from '../../shared/l10n.ts';
import { formatBytes } from '../../shared/quantities.ts';
import { isBlank, neededSize, onlyChosen, placeFor, type Source, type Target } from './target.ts';

/** Somewhere on a target that the one chosen partition could go. */
export interface Place {
	/** Tells it from the others of its target. */
	readonly key: string;
	/** As the engine is asked for it; undefined is its own place, in a table that a blank target gets. */
	readonly into: RestorePlace | undefined;
	/** The partition of the target that it is, whose contents are lost; undefined where nothing is known to be. */
	readonly partition: PartitionInfo | undefined;
	/** Why it cannot go there, in words. */
	readonly obstacle: string | undefined;
}

/**
 * Where one chosen partition can go: every partition of a target with a table of its own, and on one without, a table with
 * it alone or the partition by itself. Nothing to choose from, and so empty, for a whole disk and for several partitions.
 */
export function placesFor(source: Source, target: Target): readonly Place[] {
	const partition = onlyChosen(source);
	if (partition === undefined) return [];
	if (target.kind === 'new-file' || isBlank(target.disk)) return blankPlaces(source, partition, target);
	const { disk } = target;
	const own = placeFor(partition, disk);
	return disk.partitions.map((there) => ({
		key: String(there.start),
		into: there === own ? undefined : placeOn(disk, there),
		partition: there,
		obstacle: obstacleOf(partition, there),
	}));
}

function placeOn({ table }: DiskInfo, { number }: PartitionInfo): RestorePlace {
	return table === 'none' ? { kind: 'volume' } : { kind: 'partition', number };
}

function obstacleOf({ length }: ImagePartitionInfo, there: PartitionInfo): string | undefined {
	if (there.length < length) return t('too small, {0} are needed', formatBytes(length));
	if (there.mountedAt.length > 0) return t('mounted at {0}', there.mountedAt.join(', '));
	return undefined;
}

/** What becomes of a target that holds nothing. Without a table on the imaged disk there is none to make. */
function blankPlaces(source: Source, { length }: ImagePartitionInfo, target: Target): readonly Place[] {
	if (source.disk.table === 'none') return [];
	const size = target.kind === 'new-file' ? Infinity : target.disk.size;
	const partition = target.kind === 'new-file' ? undefined : target.disk.partitions[0];
	const obstacle = (needed: number) =>
		size < needed ? t('too small, {0} are needed', formatBytes(needed)) : undefined;
	return [
		{ key: 'table', into: undefined, partition, obstacle: obstacle(neededSize(source)) },
		{ key: 'volume', into: { kind: 'volume' }, partition, obstacle: obstacle(length) },
	];
}

/**
 * The place that is taken: the chosen one, else its own. What is on a target without a table, a file system by itself,
 * goes without saying; undefined where a person has to choose.
 */
export function placeOf(places: readonly Place[], target: Target, chosen: RestorePlace | undefined): Place | undefined {
	if (chosen !== undefined) return places.find(({ into }) => into !== undefined && isSame(into, chosen));
	const own = places.find(({ into }) => into === undefined);
	const bare = target.kind === 'disk' && target.disk.table === 'none';
	return own ?? (bare ? places[0] : undefined);
}

function isSame(one: RestorePlace, other: RestorePlace): boolean {
	if (one.kind === 'volume' || other.kind === 'volume') return one.kind === other.kind;
	return one.number === other.number;
}
