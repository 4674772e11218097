import type { ErrorRecord } from '../base/errors.ts';

/** Where a file lies in a backup. */
export interface FilePlace {
	/** Path of an image file of the backup. */
	readonly image: string;
	/** Number of the disk, as `ImageDiskInfo.number`. */
	readonly disk: number;
	/** Number of the partition, as `ImagePartitionInfo.number`. */
	readonly partition: number;
	/** Names from the root of the file system, divided by `/`; empty for the root itself. */
	readonly path: string;
}

/** As the nodes of src/disk/files.ts. */
export type BackedUpKind = 'file' | 'folder' | 'link' | 'special' | 'damaged';

/** A file or folder in a backup. */
export interface BackedUpFile {
	readonly name: string;
	readonly kind: BackedUpKind;
	/** Bytes; 0 for all but files. */
	readonly size: number;
	/** Milliseconds since 1970, UTC; undefined where none is kept. */
	readonly modified?: number;
	/** Unix permission bits; undefined where the file system has none. */
	readonly mode?: number;
	/** Where a link points, what a special file is, why a damaged one cannot be read. */
	readonly note?: string;
}

/** A folder in a backup, or the one entry that was asked for. */
export interface BackedUpFolder {
	readonly entries: readonly BackedUpFile[];
	/** Whether `A` and `a` are two names. */
	readonly caseSensitive: boolean;
	/** What the user has to know of this file system: it was in use when it was imaged, say. */
	readonly warnings: readonly string[];
}

/** A partition of a backup, and whether its files can be listed. */
export interface BackedUpPartition {
	readonly disk: number;
	readonly partition: number;
	readonly fileSystem: string;
	readonly label: string;
	readonly size: number;
	/** Why it has no files to show; undefined when it has. */
	readonly objection?: ErrorRecord;
}

/** Largest piece of a file that is asked for at once, in bytes. */
export const largestFilePiece = 1024 * 1024;

/** A piece of a file in a backup. */
export interface FilePiece {
	/** In base64. */
	readonly bytes: string;
	/** Of the whole file, in bytes. */
	readonly size: number;
}
