import type { BackupType } from '../../protocol/backups.ts';

/** Making an image: requests and results of jobs. Plain data; sizes and offsets in bytes. */

export type Compression = 'none' | 'medium' | 'high';

export type AesKind = 'aes-128' | 'aes-192' | 'aes-256';

export interface SourceRequest {
	/** A disk, a partition node, or a raw file that is treated as a disk. */
	readonly path: string;
	/** Numbers of the partitions to image; undefined = all of them. */
	readonly partitions: readonly number[] | undefined;
}

export interface ImageRequest {
	readonly sources: readonly SourceRequest[];
	readonly folder: string;
	/** `auto`: incremental when a matching set is there, else full. */
	readonly type: BackupType | 'auto';
	/** Text between the image id and the numbers of the file name. */
	readonly name: string;
	readonly compression: Compression;
	readonly password: string | undefined;
	readonly aes: AesKind;
	/** Largest file; undefined = as large as the destination's file system allows. */
	readonly splitSize: number | undefined;
	/** Store every sector, not only those that file systems use. */
	readonly allSectors: boolean;
	/** Verify the finished backup once more from the medium. */
	readonly verify: boolean;
	readonly comment: string;
	/** Store zeros for sectors that cannot be read, and list them, instead of failing. */
	readonly skipBadSectors: boolean;
	/** The oldest other sets go while fewer bytes than this are free; undefined = never. */
	readonly minFree: number | undefined;
}

export interface ByteRange {
	readonly offset: number;
	readonly length: number;
}

export interface ImageResult {
	readonly files: readonly string[];
	readonly imageId: string;
	readonly backupType: BackupType;
	readonly fileNumber: number;
	readonly partitions: readonly ImagedPartition[];
	/** Bytes read from the sources. */
	readonly bytesRead: number;
	/** Size of the files together. */
	readonly bytesWritten: number;
	readonly seconds: number;
	/** What compressed. */
	readonly codec: string;
}

export interface ImagedPartition {
	readonly disk: number;
	readonly number: number;
	readonly fileSystem: string;
	readonly label: string;
	readonly length: number;
	readonly blockSize: number;
	/** Blocks in use, and those of them that this file holds. */
	readonly usedBlocks: number;
	readonly storedBlocks: number;
	/** Bytes of used blocks before compression. */
	readonly usedBytes: number;
	/** Why every sector was stored; undefined when only used blocks were. */
	readonly wholeReason: string | undefined;
	/** Ranges of the partition that could not be read and are zeros in the image. */
	readonly badRanges: readonly ByteRange[];
}
