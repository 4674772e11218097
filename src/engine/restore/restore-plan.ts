import type { PartitionLoad } from '../load-plan.ts';
import type { OpenDisk } from '../ports.ts';
import type { TablePlan } from './table-plan.ts';

/** Everything that is known before the first byte is written. */
export interface RestorePlan<Target = OpenDisk> {
	readonly target: Target;
	/** Path and bytes of the target. */
	readonly path: string;
	readonly size: number;
	/** The target is a raw file that is made for the restore, and goes when it fails. */
	readonly created: boolean;
	readonly loads: readonly PartitionLoad[];
	/** Added to a byte of the source disk to get that of the target. */
	readonly shift: number;
	/** Undefined when the target keeps its table. */
	readonly table: TablePlan | undefined;
	readonly warnings: readonly string[];
}
