import type { ByteSource } from '../../../base/bytes.ts';
import type { FileSystemInfo, HeldVolume } from '../../../disk/filesystem.ts';
import type { DiskLayout, Partition } from '../../../disk/partition-table/layout.ts';
import type { UsedBlocks } from '../../../disk/used-blocks.ts';
import type { OpenDisk } from '../../ports/disk-port.ts';
import type { OpenedContainer } from './opened-containers.ts';
import type { Overlay } from './overlay.ts';

/** A disk to image, open, with what was read from its partition table. */
export interface SourceDisk {
	readonly disk: OpenDisk;
	/** What its metadata are read from. */
	readonly source: ByteSource;
	readonly layout: DiskLayout;
	/** Number of the disk on this machine, unique among the sources. */
	readonly number: number;
	/** The partitions to image, in the order in which they lie on the disk. */
	readonly partitions: readonly Partition[];
	/** Those of them, by where they begin, of which only the header goes into the image: what they hold is a source as well. */
	readonly opened: ReadonlyMap<number, OpenedContainer>;
}

/** What of a partition goes into the image. Bytes. */
export interface PlannedPartition {
	readonly partition: Partition;
	/** What of it is read from elsewhere than its disk. */
	readonly overlays: readonly Overlay[];
	/** Number of the partition in the image: in a set that of its full, whatever the system calls it now. */
	readonly number: number;
	/** As the product names it: `NTFS`, `ext4`, `LUKS`, `unknown`. */
	readonly fileSystem: string;
	/** What tells its contents from all others; empty where nothing does (see `Recognised.identity`). */
	readonly identity: string;
	/** Undefined when no file system of it is known. */
	readonly info: FileSystemInfo | undefined;
	/** See `FileSystem.isUnchanged`. */
	readonly isUnchanged: (() => Promise<boolean>) | undefined;
	/** Volumes in it; empty where it holds none, or is stored whole. */
	readonly volumes: readonly HeldVolume[];
	readonly blockSize: number;
	/** FAT: from the partition's start to its first cluster, stored as reserved blocks. */
	readonly reservedBytes: number;
	/** Blocks from the end of the reserved bytes on. */
	readonly used: UsedBlocks;
	/** Why every sector is stored; undefined when only used blocks are. */
	readonly wholeReason: string | undefined;
	/** The reason is that something is wrong with the partition. */
	readonly amiss: boolean;
}

export interface PlannedDisk {
	readonly source: SourceDisk;
	/** Number of the disk in the image: in a set that of its full, whatever the system calls it now. */
	readonly number: number;
	readonly track0: Uint8Array;
	readonly partitions: readonly PlannedPartition[];
}
