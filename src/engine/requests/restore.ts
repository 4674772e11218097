import type { ConfirmedDisk, RestorePlace } from '../../protocol/restore.ts';
import type { PartitionDamage } from '../file-walk/results.ts';
import type { BadBlockReport } from './verify.ts';

/** Restoring a disk or partitions: requests and results of jobs. Plain data; sizes and offsets in bytes. */

export interface RestoreRequest {
	readonly file: string;
	/** A device or a raw file. */
	readonly target: string;
	/** Number of the disk in the image; undefined when the image holds one. */
	readonly disk: number | undefined;
	/** Numbers of the partitions to restore; undefined = the whole disk with its partition table. */
	readonly partitions: readonly number[] | undefined;
	readonly password: string | undefined;
	/** Read the target and write only blocks that differ. */
	readonly delta: boolean;
	/** Read back what was written and compare. */
	readonly verify: boolean;
	readonly freeSpace: 'keep' | 'zero' | 'discard';
	readonly newDiskId: boolean;
	/** Have zeros on the target for blocks of the image that are damaged, and list them, instead of failing. */
	readonly skipBadBlocks: boolean;
	/** Where the one partition goes instead of its own place; undefined = there. */
	readonly into: RestorePlace | undefined;
	/** Number, in the image, of the partition that takes the free space behind it; undefined = none. */
	readonly grow: number | undefined;
	/** Partitions, by number in the image, whose file systems may become smaller; undefined = none. */
	readonly shrink?: readonly ShrinkWish[] | undefined;
	/** Folder for the copies in which they do; undefined = that of the system. */
	readonly temporary?: string | undefined;
	/** Refuse a target that is there: nobody has said that it may be overwritten. */
	readonly onlyNew?: boolean;
	/** Refuse a disk that is another than the one that somebody has confirmed by now. */
	readonly confirmed?: ConfirmedDisk | undefined;
}

/** A partition that may become smaller. */
export interface ShrinkWish {
	readonly partition: number;
	/** Bytes that it is to have at most; undefined = what makes everything fit. */
	readonly size: number | undefined;
}

export interface RestoreResult {
	readonly target: string;
	readonly bytes: number;
	readonly blocks: number;
	readonly writtenBlocks: number;
	/** Blocks read back and found as written; undefined when it was not asked for. */
	readonly verifiedBlocks: number | undefined;
	/** Damaged blocks of the image: the target holds zeros in their places. */
	readonly bad: readonly BadBlockReport[];
	/** What lies in these blocks, by partition of the image. */
	readonly damage: readonly PartitionDamage[];
	readonly diskId: string;
	readonly seconds: number;
}
