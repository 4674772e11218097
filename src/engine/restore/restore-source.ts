import type { Chain } from '../../image/set/chain.ts';
import type { PartitionLoad } from '../load/load-plan.ts';
import type { OpenDisk } from '../ports/disk-port.ts';
import type { ShrinkWork } from './shrink/shrink-work.ts';
import type { ReadPartition } from './read-partition.ts';

/** What is restored. */
export interface RestoreSource {
	readonly chain: Chain;
	/** Place of the disk in the image. */
	readonly place: number;
	readonly loads: readonly PartitionLoad[];
	/** Paths of all files of the set, also later ones: backups that stand on this one are overwritten by nobody on purpose. */
	readonly images: readonly string[];
	readonly read: ReadPartition;
	readonly signal: AbortSignal;
}

/** How a target is come by: to be written, or only to be looked at. */
export interface TargetAccess<Made> {
	/** Makes a raw file of so many bytes. */
	create(path: string, size: number): Promise<Made>;
	/** Opens what was checked. @param identity see {@link DiskDevice.identity} */
	open(path: string, identity: string | undefined): Promise<OpenDisk>;
	/** Makes file systems smaller where that is asked for; undefined where it is only planned. */
	readonly shrinking: ShrinkWork | undefined;
}
