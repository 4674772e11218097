import { isAfterimageError } from '../../base/errors.ts';
import type { Partition } from '../../disk/layout.ts';
import { movedVolume, type VolumeMove } from '../../disk/moved-volume.ts';
import { recogniseFileSystem } from '../../disk/recognise.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import type { PartitionLoad } from '../load-plan.ts';
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
	const { _geometry, _header, _partition_table_entry } = load.partition;
	const { start, length } = _geometry;
	const move: VolumeMove = { from: start, to: place.start, room: place.length };
	const rooms = new Map([[start, place.length]]);
	try {
		return await read(load, async (bytes) => {
			const { type } = await recogniseFileSystem(bytes, { frozen: true });
			const changes = await movedVolume(bytes, move);
			const moved = changes.map<MovedWrite>((change) => ({ ...change, offset: change.offset + start + shift }));
			const objection = place.entry && typeObjection(type, place.entry, Number(_partition_table_entry?.type ?? 0));
			return {
				rooms,
				moved,
				notes: [
					...(moved.some(({ before }) => before !== undefined)
						? [`${type} is told its new place in its boot sectors`]
						: []),
					...(place.length > length ? [growthNote(place.what, type, place.length - length)] : []),
				],
				warnings: objection === undefined ? [] : [objection],
			};
		});
	} catch (error) {
		const said = asImageDamage(error);
		if (!skipBadBlocks || !isAfterimageError(said, 'image-damaged')) throw said;
		const what = `Partition ${_header.partition_number} of the image is damaged where it tells what it is`;
		return { rooms, moved: [], notes: [], warnings: [`${what}: its boot sectors keep the place that it had`] };
	}
}
