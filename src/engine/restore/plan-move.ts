import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import type { Partition } from '../../disk/partition-table/layout.ts';
import { movedVolume } from '../../disk/moved-volume.ts';
import type { VolumeMove } from '../../disk/volume-move.ts';
import { recogniseFileSystem } from '../../disk/recognise.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import type { PartitionLoad } from '../load/load-plan.ts';
import { growthNote } from './growers.ts';
import type { ReadPartition } from './read-partition.ts';
import type { MovedWrite, RestorePlan } from './restore-plan.ts';
import { typeObjection } from './wanted-type.ts';

/** What takes a partition. */
export interface NewPlace {
	/** For messages: `Partition 3`. */
	readonly what: string;
	/** Byte of the target disk; 0 for a volume that is in no partition. */
	readonly start: number;
	/** Bytes. */
	readonly length: number;
	/** Undefined when it is in no table, or when the table is that of the image. */
	readonly entry: Partition | undefined;
}

/** What a plan has of partitions that go to other places or get more room. */
export type MoveFacts = Pick<RestorePlan, 'moved' | 'notes' | 'warnings' | 'rooms'>;

/**
 * What is otherwise when a partition goes to another place or gets more room.
 * @param shift as in {@link RestorePlan.shift}
 * @param skipBadBlocks what is damaged is restored as it is: nothing can be said of it
 * @throws AfterimageError `image-damaged` where the image is damaged and that is not asked for
 */
export async function planMove(
	load: PartitionLoad,
	place: NewPlace,
	shift: number,
	read: ReadPartition,
	skipBadBlocks: boolean,
): Promise<MoveFacts> {
	const { _geometry, _header, _file_system, _partition_table_entry } = load.partition;
	const { start, length } = _geometry;
	const move: VolumeMove = { from: start, to: place.start, room: place.length };
	const known = <R>(look: () => Promise<R>) => look().catch((error: unknown) => passDamage(error, skipBadBlocks));
	const { changes, found } = await read(load, async (bytes, signal) => ({
		changes: await known(() => movedVolume(bytes, move)),
		found: await known(() => recogniseFileSystem(bytes, { frozen: true, signal })),
	}));
	const type = found?.type ?? _file_system.type;
	const moved = (changes ?? []).map<MovedWrite>((change) => ({ ...change, offset: change.offset + start + shift }));
	const told = moved.some(({ before }) => before !== undefined);
	const objection = place.entry && typeObjection(type, place.entry, Number(_partition_table_entry?.type ?? 0));
	return {
		rooms: new Map([[start, place.length]]),
		moved,
		notes: [
			...(told ? [`${type} is told its new place in its boot sectors`] : []),
			...(place.length > length ? [growthNote(place.what, type, place.length - length)] : []),
		],
		warnings: [
			...(objection === undefined ? [] : [objection]),
			...(changes === undefined
				? [`Partition ${_header.partition_number} is damaged in the image: it is not told its new place`]
				: []),
		],
	};
}

/** Undefined for damage that is to be passed over. */
function passDamage(error: unknown, skipBadBlocks: boolean): undefined {
	const said = asImageDamage(error);
	if (!isAfterimageError(said, 'image-damaged')) throw said;
	if (skipBadBlocks) return undefined;
	throw new AfterimageError('image-damaged', said.message, {
		advice:
			'Restore an older backup, or with --skip-bad-blocks all other blocks of this one; ' +
			'afterimage verify tells the extent of the damage.',
		details: said.details,
		cause: said,
	});
}
