import type { BackedUpPartition } from '../../protocol/files.ts';

export interface MountRequest {
	/** Path of an image file of the backup. */
	readonly image: string;
	/** Partitions of it, as `Engine.partitions` tells of them. */
	readonly partitions: readonly BackedUpPartition[];
	/** An empty folder; made when there is none, and removed again at the end then. */
	readonly folder: string;
	/** Whether the disk and its partitions are shown as files of their bytes, instead of their files. */
	readonly raw: boolean;
	readonly password: string | undefined;
}

/** What is mounted, and where. */
export interface Mounted {
	/** Absolute. */
	readonly image: string;
	/** Absolute, without links in it. */
	readonly folder: string;
	/** Partitions whose files are there. */
	readonly partitions: readonly MountedPartition[];
	/** Whether the bytes of disks and partitions are there, too, and where in the folder; empty for the folder itself. */
	readonly raw?: string;
	/** Whether other users get in, each as far as the files let him; else this user alone, to all files. */
	readonly shared: boolean;
}

export interface MountedPartition {
	readonly disk: number;
	readonly partition: number;
	readonly fileSystem: string;
	readonly label: string;
	/** In the folder; empty when it is the folder itself. */
	readonly path: string;
}
