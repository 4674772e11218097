import type { ErrorCode, ErrorRecord } from '../../base/errors.ts';
import type { FileSystemCheck, PartitionDamage } from '../file-walk/results.ts';

/** Verifying backups: requests and results of jobs. Plain data; sizes and offsets in bytes. */

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
	/** Walk the file systems in each backup that is verified as well; absent: do not. */
	readonly fileSystems?: boolean;
}

/**
 * `damaged`: blocks or indexes are bad; `unreadable`: its file is there and may not or cannot be read; `faulty`: the blocks are
 * sound, but file systems in them have problems; `incomplete`: the set lacks files that it needs; `locked`: no password opens
 * it; `changed`: another run merged or deleted files of its set meanwhile.
 */
export type BackupState = 'sound' | 'damaged' | 'unreadable' | 'faulty' | 'incomplete' | 'locked' | 'changed';

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
	/**
	 * What lies in bad blocks, by partition. Files are looked for in each damaged backup while an hour in all was not spent on
	 * it, and after that in the newest of each set that is verified; where they were not, the objection says so.
	 */
	readonly damage: readonly PartitionDamage[];
	/** Undefined when it was not asked for, or the backup could not be read. */
	readonly fileSystems: readonly FileSystemCheck[] | undefined;
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
