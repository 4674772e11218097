/** A restore as clients ask for it, and what the engine says of one before it is run. */

/** What is restored where, and how. */
export interface RestoreChoice {
	readonly file: string;
	readonly target: string;
	/** Number of the disk in the image. */
	readonly disk: number;
	/** Partition numbers; undefined = the whole disk. */
	readonly partitions?: readonly number[];
	readonly delta: boolean;
	readonly verify: boolean;
	readonly newDiskId: boolean;
	/** Have zeros on the target for damaged blocks of the image instead of failing at the first one. */
	readonly skipBadBlocks: boolean;
	/** Where the one chosen partition goes instead of its own place; never with `newDiskId`, nor with `grow`. */
	readonly into?: RestorePlace;
	/**
	 * Number, in the image, of the partition that takes the free space behind it on a target that gets the table of the
	 * image. Its file system keeps its size.
	 */
	readonly grow?: number;
	/** Numbers, in the image, of partitions that become smaller, with their file systems, until everything fits. */
	readonly shrink?: readonly number[];
}

/** What a disk is recognised by, as `DiskInfo` has it. */
export interface ConfirmedDisk {
	readonly model: string;
	readonly serial: string;
	/** Bytes. */
	readonly size: number;
}

export type RestorePlace =
	/** Partition `number` of the target's own table, which stays as it is. */
	| { readonly kind: 'partition'; readonly number: number }
	/**
	 * The target itself: a raw file of one file system, a logical volume, the device of a partition. A raw file that is not
	 * there is made with the length of the partition.
	 */
	| { readonly kind: 'volume' };

/** What a restore would write, and where. */
export interface RestorePreview {
	readonly dryRun: true;
	readonly target: string;
	/** Bytes of the target. */
	readonly size: number;
	/** The target is a raw file that would be made. */
	readonly created: boolean;
	/** Undefined when the target keeps its own. */
	readonly table: TablePreview | undefined;
	/** What of the image would be restored. */
	readonly partitions: readonly PartitionPreview[];
	/** Of all partitions together. */
	readonly bytes: number;
	readonly blocks: number;
	/** Bytes that would be zeroed or discarded. */
	readonly clearedBytes: number;
	readonly warnings: readonly string[];
	/** What would be otherwise than on the imaged disk, as it was asked for. */
	readonly notes: readonly string[];
}

/** Bytes of a target. */
interface TargetRange {
	readonly offset: number;
	readonly length: number;
}

export interface TablePreview {
	readonly kind: 'gpt' | 'mbr' | 'none';
	/** Undefined: one that is made when the restore is run. */
	readonly diskId: string | undefined;
	/** Every partition of the table, imaged or not. */
	readonly partitions: readonly (TargetRange & { readonly number: number })[];
	/** Boot sectors and tables. */
	readonly writes: readonly TargetRange[];
}

export interface PartitionPreview {
	/** In the image. */
	readonly number: number;
	readonly fileSystem: string;
	readonly label: string;
	/** Byte of the imaged disk. */
	readonly from: number;
	/** Byte of the target. */
	readonly start: number;
	readonly length: number;
	/** Bytes that it has in the image: more than `length` where its file system is made smaller. */
	readonly imaged: number;
	/** Bytes of what holds it on the target, at least `length`: a partition that is larger or grown, a volume. */
	readonly room: number;
	/** Blocks and bytes to be written. */
	readonly blocks: number;
	readonly bytes: number;
}
