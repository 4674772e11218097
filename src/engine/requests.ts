import type { ErrorCode, ErrorRecord } from '../base/errors.ts';
import type { BackupType } from '../protocol/backups.ts';
import type { FilePlace } from '../protocol/files.ts';
import type { RestorePlace } from '../protocol/restore.ts';
import type { RetentionRules, RetentionStepKind } from '../definition/retention/types.ts';
import type { FileSystemCheck, PartitionDamage } from './file-walk/results.ts';

/** Requests and results of the engine's jobs: plain data. Sizes and offsets in bytes. */

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

export interface VerifyRequest {
	readonly file: string;
	readonly password: string | undefined;
	/** Share of the stored blocks to check, above 0 and at most 1; undefined = all. */
	readonly sample: number | undefined;
	/** Walk the file systems in the image as well; absent: do not. */
	readonly fileSystems?: boolean;
}

export interface BadBlockReport {
	readonly disk: number;
	readonly partition: number;
	readonly block: number;
	readonly reserved: boolean;
	/** Bytes of the partition that are lost: from `start` to `end`, exclusive. */
	readonly start: number;
	readonly end: number;
	readonly file: string;
	readonly position: number;
	readonly reason: string;
}

export interface VerifyResult {
	readonly file: string;
	readonly files: readonly string[];
	readonly blocks: number;
	readonly bytes: number;
	readonly sampled: boolean;
	readonly bad: readonly BadBlockReport[];
	/** What lies in bad blocks, by partition. */
	readonly damage: readonly PartitionDamage[];
	/** Undefined when it was not asked for. */
	readonly fileSystems: readonly FileSystemCheck[] | undefined;
	readonly seconds: number;
}

export interface VerifyBackupsRequest {
	/** Image files, and folders: all backups of all sets in them. */
	readonly paths: readonly string[];
	/** Of encrypted sets; each is tried with all of them. */
	readonly passwords: readonly string[];
	/** Share of the stored blocks to check, above 0 and at most 1; undefined = all. */
	readonly sample: number | undefined;
	/** Leave out what was verified within so many days; undefined = nothing. */
	readonly unverifiedDays: number | undefined;
}

/**
 * `damaged`: blocks or indexes are bad; `incomplete`: the set lacks files that it needs; `locked`: no password opens it;
 * `changed`: another run merged or deleted files of its set meanwhile.
 */
export type BackupState = 'sound' | 'damaged' | 'incomplete' | 'locked' | 'changed';

export interface VerifiedBackup {
	/** Path of its file that has the indexes, or of a file that cannot be read. */
	readonly file: string;
	/** Empty for a file that cannot be read. */
	readonly imageId: string;
	readonly state: BackupState;
	/** Blocks that were read for it: not those that were read for an earlier one. */
	readonly blocks: number;
	/** Raw bytes of these blocks. */
	readonly bytes: number;
	/** Bad blocks among all that a restore of it reads. */
	readonly badBlocks: number;
	/** Why it is not sound. */
	readonly reason: string | undefined;
}

export interface VerifyBackupsResult {
	/** As they were done; those that were left out only where they were found to be damaged. */
	readonly backups: readonly VerifiedBackup[];
	/** Backups that were left out as they were verified a short while ago. */
	readonly leftOut: number;
	/** When the first of them is due, ISO 8601. */
	readonly nextDue: string | undefined;
	/** Bad blocks, each once. */
	readonly bad: readonly BadBlockReport[];
	/** What of the paths could not be looked at. */
	readonly problems: readonly ErrorRecord[];
	readonly sampled: boolean;
	readonly blocks: number;
	readonly bytes: number;
	readonly seconds: number;
	/** The worst of what went wrong; undefined when all that was read is sound. */
	readonly code: ErrorCode | undefined;
}

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

export interface MergeRequest {
	/** Files of one set, in any order: a range without gaps. */
	readonly files: readonly string[];
	/** Only tell what would happen. */
	readonly dryRun: boolean;
}

export interface MergeResult {
	/** Path of the file that holds the range now. */
	readonly file: string;
	/** Files that are gone. */
	readonly removed: readonly string[];
	/** Bytes of stored blocks that were copied. */
	readonly movedBytes: number;
	/** Bytes that the folder has gained. */
	readonly freedBytes: number;
	readonly dryRun: boolean;
	readonly seconds: number;
}

export interface PurgeRequest {
	readonly folder: string;
	readonly rules: RetentionRules;
	/** Only tell what would happen. */
	readonly dryRun: boolean;
}

export interface PurgeResult {
	readonly folder: string;
	readonly steps: readonly PurgeStep[];
	/** What was left alone, and why. */
	readonly notes: readonly string[];
	readonly freedBytes: number;
	readonly dryRun: boolean;
}

export interface PurgeStep {
	readonly kind: RetentionStepKind;
	readonly imageId: string;
	/** Paths: deleted, or merged into the first of them. */
	readonly files: readonly string[];
	readonly reason: string;
	readonly freedBytes: number;
}

export interface RemoveResult {
	/** Paths in the order in which they were deleted. */
	readonly removed: readonly string[];
	readonly freedBytes: number;
}

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

export interface DefinitionRunRequest {
	/** Path of the definition. */
	readonly definition: string;
	/** `auto`: what the definition says. */
	readonly type: BackupType | 'auto';
	/** Goes before the source that the definition names. */
	readonly password: string | undefined;
	/** Somebody is there to be asked: a password that is missing or wrong is no failure to send mail about. */
	readonly interactive: boolean;
}

export interface DefinitionRunResult {
	readonly definition: string;
	/** Name of the definition. */
	readonly name: string;
	/** The destination that was used. */
	readonly folder: string;
	readonly image: ImageResult;
	/** What the retention rules did before and after. */
	readonly purged: readonly PurgeStep[];
	/** Earlier and new backups that were verified again, and are sound or could not be opened. */
	readonly reverified: readonly VerifiedBackup[];
}

export interface ValidatedFile {
	/** Absolute. */
	readonly path: string;
	/** No problem is an error. */
	readonly valid: boolean;
	/** In the order of the text. */
	readonly problems: readonly FileProblem[];
}

/** Something to say about a place in a file. Lines and columns count from 1, columns in UTF-16 units. */
export interface FileProblem {
	readonly line: number;
	readonly column: number;
	readonly endLine: number;
	readonly endColumn: number;
	readonly severity: 'error' | 'warning' | 'info';
	readonly code: string;
	readonly message: string;
}
