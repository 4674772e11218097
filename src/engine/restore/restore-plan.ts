import type { PlannedWrite } from '../../disk/partition-table/planned-write.ts';
import type { PartitionLoad } from '../load/load-plan.ts';
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
	readonly loads: readonly PartitionLoad[];
	/** Added to a byte of the source disk to get that of `target`. */
	readonly shift: number;
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

/** Bytes that are others than in the image. */
export interface MovedWrite extends PlannedWrite {
	/** What the image has there; undefined where no partition of the image reaches. */
	readonly before: Uint8Array | undefined;
}

/** Bytes that hold a partition on the target. */
export function roomOf({ rooms }: RestorePlan<unknown>, { partition }: PartitionLoad): number {
	return rooms.get(partition._geometry.start) ?? partition._geometry.length;
}
