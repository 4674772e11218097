import type { ByteSource } from '../base/bytes.ts';
import type { FileTree, OpenFilesOptions } from './files.ts';

/** What can be told about a file system from its own structures. All sizes in bytes. */
export interface FileSystemInfo {
	/** `NTFS`, `FAT12`, `FAT16`, `FAT32`, `exFAT`, `ext2`, `ext3`, `ext4`, `XFS`, `Btrfs`, `swap`. */
	readonly type: string;
	readonly label: string;
	/** UUID as the vendor's tools print it, or the volume serial (`1A2B-3C4D`, 16 hex digits for NTFS); empty when there is none. */
	readonly uuid: string;
	/** UUID of this device, where the contents may lie on several that share `uuid`; empty where it is not known. */
	readonly deviceUuid?: string;
	/** Length of the file system, at most that of its partition. */
	readonly size: number;
	readonly used: number;
	readonly free: number;
	/** Allocation unit: cluster or block size. */
	readonly clusterSize: number;
	readonly totalClusters: number;
	readonly freeClusters: number;
	/** Why the maps on disk cannot be trusted (a journal to replay, a dirty flag); undefined when the file system is clean. */
	readonly dirty: string | undefined;
	/** FAT12/16/32: bytes from the partition's start to the first cluster. 0 elsewhere. */
	readonly reservedBytes: number;
	/** NTFS: where the $MFT begins (bytes from the partition's start) and the size of one FILE record. */
	readonly mft?: { readonly offset: number; readonly recordSize: number };
}

/** A volume within a partition. */
export interface HeldVolume {
	readonly name: string;
	/** As `Recognised.type`, or what it is in words. */
	readonly type: string;
	readonly label: string;
	/** Bytes; of what is stored whole, all. */
	readonly size: number;
	readonly used: number;
	/** Why all of it is in use; undefined where its file system tells. */
	readonly wholeReason: string | undefined;
	/** The reason is that something is wrong. */
	readonly amiss: boolean;
}

/** Receives the byte ranges, relative to the partition's start, that an image must hold. */
export interface UsedSink {
	/** `end` is exclusive. Ranges may touch, overlap and come in any order. */
	add(start: number, end: number): void;
}

export interface FileSystem {
	readonly info: FileSystemInfo;
	/** What lies in it where it is no file system but holds volumes that have some. */
	readonly volumes?: readonly HeldVolume[];
	/**
	 * Reports every range that is in use, its own structures included, from the allocation structures on disk.
	 * What the structures do not prove to be free is reported as used. Bounded memory; reads in large pieces.
	 * @throws AfterimageError `structure-damaged` when structures contradict each other: the caller then stores everything
	 * @throws AfterimageError `cancelled`
	 */
	collectUsed(sink: UsedSink, signal?: AbortSignal): Promise<void>;
	/**
	 * Whether the map is still that of the bytes on the disk, where these can change while all file systems in it are frozen:
	 * volumes can be made and moved. @throws AfterimageError as the driver's open, for what is no more what it was
	 */
	readonly isUnchanged?: () => Promise<boolean>;
	/**
	 * Its files; undefined where there are none (swap). A file system that is dirty has files all the same: as they were when
	 * their structures were last written.
	 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`, or `not-supported` with the feature that is not read
	 */
	readonly openFiles?: (options: OpenFilesOptions) => Promise<FileTree>;
}

export interface OpenOptions {
	/**
	 * The volume is frozen (FIFREEZE) or is a shadow copy for the whole time it is read, so that a journal whose changes
	 * were written to their places counts as empty where the system promises that: the freeze of ext3, ext4 and XFS, and
	 * the flush of NTFS before a shadow copy (see src/disk/ntfs/health.ts).
	 */
	readonly frozen?: boolean;
	readonly signal?: AbortSignal;
}

export interface FileSystemDriver {
	readonly name: string;
	/**
	 * Undefined when the volume does not hold this file system.
	 * @throws AfterimageError `structure-damaged` when its signature is there but its superblock cannot be right
	 */
	open(volume: ByteSource, options: OpenOptions): Promise<FileSystem | undefined>;
}
