import type { FilePlace } from '../../protocol/files.ts';

/** Files in backups: requests and results of jobs. Plain data; sizes and offsets in bytes. */

export interface PartitionsRequest {
	/** Path of an image file of the backup. */
	readonly image: string;
	/** Without it, what an encrypted partition holds is told by what the image says of it. */
	readonly password: string | undefined;
}

export interface PlaceRequest {
	readonly place: FilePlace;
	readonly password: string | undefined;
}

export interface PieceRequest extends PlaceRequest {
	readonly offset: number;
	readonly length: number;
}

export interface ExtractRequest {
	/** Path of an image file of the backup. */
	readonly image: string;
	readonly disk: number;
	readonly partition: number;
	/** Of files and folders, as `FilePlace.path`; folders with all they hold. */
	readonly paths: readonly string[];
	/** Where they go, each under its last name; made when it is not there. */
	readonly folder: string;
	/** Replace files that are there already; otherwise nothing is written when there is one. */
	readonly overwrite: boolean;
	/**
	 * Whether root of Linux gives files the owners that they have in the backup, with the rights that go with these: setuid and
	 * setgid, capabilities. True when absent; others never can.
	 */
	readonly owners?: boolean | undefined;
	readonly password: string | undefined;
}

export interface ExtractResult {
	/** Absolute. */
	readonly folder: string;
	readonly files: number;
	readonly folders: number;
	/** Symbolic ones. */
	readonly links: number;
	/** Files and links among these that are further names of others (hard links). */
	readonly hardLinks: number;
	/** Of the files together, each counted once. */
	readonly bytes: number;
	/** What of files and folders is not there as it is in the backup. */
	readonly notKept: readonly NotKept[];
	/** What has another name in the folder than in the backup, as the system does not take it. */
	readonly renamed: readonly RenamedFile[];
	/** Paths in the backup of what was left out as it cannot be kept in the folder. */
	readonly skipped: readonly LeftOutFile[];
	/** Paths in the backup of what could not be read. It is not in the folder, unless the reason says that it was extracted. */
	readonly damaged: readonly LeftOutFile[];
	readonly seconds: number;
}

export interface NotKept {
	/** `owner`, `access list`, `hard link`, `security.capability`, `security.selinux`, or other attributes as `attribute user.*`. */
	readonly what: string;
	readonly reason: string;
	/** Files and folders. */
	readonly count: number;
}

export interface RenamedFile {
	/** In the backup. */
	readonly path: string;
	/** In the folder. */
	readonly name: string;
}

export interface LeftOutFile {
	readonly path: string;
	readonly reason: string;
	/** Such things are kept, but the folder does not take this one: its file system has no such large files, say. */
	readonly refused?: boolean;
}
