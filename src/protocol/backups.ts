/** Backup folders, sets and files as the engine describes them. Times are ISO 8601 with a zone; sizes in bytes. */

export type BackupType = 'full' | 'diff' | 'inc';

export interface BackupFileInfo {
	readonly path: string;
	readonly name: string;
	readonly type: BackupType;
	readonly time: string;
	readonly size: number;
	/** Bytes of the blocks in the file, up to the next 4096: no other file of the set holds any of them. */
	readonly uniqueBytes: number;
	readonly fileNumber: number;
	readonly incrementNumber: number;
	/** File numbers that were merged into this file. */
	readonly merged: readonly number[];
	/** Name of the file it stands on; undefined for a full. */
	readonly parent: string | undefined;
	readonly encrypted: boolean;
	readonly split: boolean;
	readonly comment: string;
	/** When it was last verified without a fault; undefined when it never was. */
	readonly verifiedOn: string | undefined;
	/** When it was last verified, blocks that it needs were damaged; what is sound in it can be restored all the same. */
	readonly wasDamaged: boolean;
	/** What is wrong with it or missing from its chain, in words; undefined when nothing is known to be. */
	readonly damage: string | undefined;
}

/** A file that looks like an image and cannot be read. */
export interface UnreadableImage {
	readonly path: string;
	/** In words. */
	readonly reason: string;
	/** Another user may be able to. */
	readonly denied: boolean;
}

/** A disk of which a set has backups. */
export interface BackedUpDisk {
	/** GPT disk GUID without braces or MBR id as 8 hex digits, in upper case; empty where the disk has none. */
	readonly id: string;
	/** What its partitions are called, of those that are called anything. */
	readonly contents: readonly string[];
}

export interface BackupSetInfo {
	/** 16 hex digits. */
	readonly imageId: string;
	readonly folder: string;
	readonly files: readonly BackupFileInfo[];
	/** `Disk GUID, 3 partitions: EFI, C: Windows, NTFS`, for people. */
	readonly sources: string;
	/** As its newest backup has them. */
	readonly disks: readonly BackedUpDisk[];
	readonly size: number;
	/** Missing members and damaged parts of the whole set. */
	readonly damage: readonly string[];
	/** Its files that cannot be read: what stands on them cannot be restored, all else can. */
	readonly unreadable: readonly UnreadableImage[];
	/** Files that no backup of the set needs, copies above all: what each is, in words. */
	readonly aside: readonly string[];
}

/** What goes of one set when backups of it are deleted. */
export interface DoomedBackups {
	/** Paths, in the order in which they are to be deleted: newest first. */
	readonly files: readonly string[];
	/** Restore points; a split one has several files. */
	readonly backups: number;
	readonly bytes: number;
}

export interface BackupFolderInfo {
	readonly folder: string;
	readonly sets: readonly BackupSetInfo[];
	/** Files of no known set. */
	readonly unreadable: readonly UnreadableImage[];
	/** Bytes. */
	readonly free: number;
	/** Bytes; 0 where the file system of the folder tells neither. */
	readonly total: number;
}

export interface ImagePartitionInfo {
	readonly number: number;
	readonly start: number;
	readonly length: number;
	readonly fileSystem: string;
	readonly label: string;
	readonly used: number;
	readonly blockSize: number;
	/** Blocks of the partition. */
	readonly blocks: number;
	/** Blocks that lie in this backup's own files, reserved ones included; the others are holes or in earlier backups. */
	readonly storedBlocks: number;
}

export interface ImageDiskInfo {
	readonly number: number;
	readonly table: 'gpt' | 'mbr' | 'none';
	readonly id: string;
	readonly size: number;
	readonly sectorSize: number;
	/** Bytes that the partition table takes behind the last partition, on a disk of whatever size. */
	readonly backupTableSize: number;
	readonly model: string;
	readonly partitions: readonly ImagePartitionInfo[];
}

/** What one restore point holds, and its `$JSON` as it stands in the file. */
export interface ImageInfo {
	readonly file: BackupFileInfo;
	readonly imageId: string;
	readonly computer: string;
	readonly compression: string;
	readonly encryption: string;
	readonly disks: readonly ImageDiskInfo[];
	readonly json: unknown;
}

/** What changed between a point and the one before it. */
export interface CompareInfo {
	readonly file: string;
	readonly previous: string;
	readonly partitions: readonly {
		readonly disk: number;
		readonly partition: number;
		readonly label: string;
		readonly changedBlocks: number;
		readonly newBlocks: number;
		readonly freedBlocks: number;
		readonly changedBytes: number;
		readonly storedBytes: number;
	}[];
}
