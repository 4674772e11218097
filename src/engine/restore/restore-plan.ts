import type { ByteSource } from '../../base/bytes.ts';
import type { PlannedWrite } from '../../disk/partition-table/planned-write.ts';
import type { UsedBlocks } from '../../disk/used-blocks.ts';
import { bytesOf, type PartitionLoad } from '../load/load-plan.ts';
import type { OpenDisk } from '../ports/disk-port.ts';
import type { TablePlan } from './table/table-plan.ts';

/** Everything that is known before the first byte is written. */
export interface RestorePlan<Target = OpenDisk> {
	readonly target: Target;
	/** Path and bytes of what was named as the target. */
	readonly path: string;
	readonly size: number;
	/** What is overwritten, for messages: the target, or a partition of it. */
	readonly what: string;
	/** The target is a raw file that is made for the restore, and goes when it fails. */
	readonly created: boolean;
	/** What is restored from the image. */
	readonly loads: readonly PartitionLoad[];
	/** What is restored from copies whose file systems were made smaller. */
	readonly shrunk: readonly ShrunkPartition[];
	/** Added to a byte of the source disk to get that of `target`; see {@link shiftOf} for a partition. */
	readonly shift: number;
	/** Where partitions begin, bytes of `target`, that move by themselves: by their first byte on the imaged disk. */
	readonly places: ReadonlyMap<number, number>;
	/** Byte of what was named at which `target` begins: more than 0 where that is the device of a partition of it. */
	readonly origin: number;
	/** Bytes that partitions have on the target, by their first byte on the imaged disk; without one, as many as there. */
	readonly rooms: ReadonlyMap<number, number>;
	/** What tells a volume its new place, bytes of `target`. */
	readonly moved: readonly MovedWrite[];
	/** Zeros for what an older use of the target has left, bytes of `target`. */
	readonly erased: readonly PlannedWrite[];
	/** Undefined when the target keeps its table. */
	readonly table: TablePlan | undefined;
	readonly warnings: readonly string[];
	/** What is otherwise than on the imaged disk, as it was asked for. */
	readonly notes: readonly string[];
}

/** A partition of the image whose file system is made smaller. */
export interface ShrunkPartition {
	readonly load: PartitionLoad;
	/** Byte of the target. */
	readonly start: number;
	/** Bytes of the target. */
	readonly length: number;
	/** What is written there; undefined as long as it is only planned. */
	readonly copy: ShrunkCopy | undefined;
}

/** A partition as long as it will be, in a temporary file. */
export interface ShrunkCopy {
	readonly source: ByteSource;
	/** Its blocks that are in use. */
	readonly used: UsedBlocks;
}

/** Bytes that are others than in the image. */
export interface MovedWrite extends PlannedWrite {
	/** What the image has there; undefined where no partition of the image reaches. */
	readonly before: Uint8Array | undefined;
}

/** Added to a byte of a partition on the imaged disk to get that of the target. */
export function shiftOf(
	{ shift, places }: Pick<RestorePlan<unknown>, 'shift' | 'places'>,
	{ partition }: PartitionLoad,
): number {
	const { start } = partition._geometry;
	const place = places.get(start);
	return place === undefined ? shift : place - start;
}

/** Raw bytes of all blocks that are written. */
export function plannedBytes({ loads, shrunk }: Pick<RestorePlan<unknown>, 'loads' | 'shrunk'>): number {
	return bytesOf(loads) + shrunk.reduce((sum, one) => sum + bytesOfShrunk(one), 0);
}

/** Raw bytes of the blocks of a partition that becomes smaller: as many as in the image until they are counted. */
export function bytesOfShrunk({ copy, load }: ShrunkPartition): number {
	return copy?.used.usedBytes() ?? bytesOf([load]);
}

/** Bytes that hold a partition on the target. */
export function roomOf({ rooms }: RestorePlan<unknown>, { partition }: PartitionLoad): number {
	return rooms.get(partition._geometry.start) ?? partition._geometry.length;
}

/** What a plan has in which no partition moves by itself or becomes smaller. */
export const nothingShrunk: Pick<RestorePlan, 'shrunk' | 'places'> = { shrunk: [], places: new Map() };
