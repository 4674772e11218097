import type { Translate } from '../../base/l10n.ts';

/** What the retention planner is given and what it answers. Plain data; times are milliseconds since 1970, UTC. */

export type BackupType = 'full' | 'diff' | 'inc';

/** One image file of a set, as its own metadata describe it (image format, `_header`). */
export interface BackupFile {
	/** What identifies the file to the caller, usually its path; the planner only hands it back. */
	readonly name: string;
	/** `_header.file_number`: 0 for the first file of a set, unique in the set. */
	readonly fileNumber: number;
	/** `_header.increment_number`: 0 for the full; the parts of a split backup share one. */
	readonly incrementNumber: number;
	readonly type: BackupType;
	/** `_header.backup_time`; a merged file has that of the newest backup it holds. */
	readonly time: number;
	/** Size of the file. */
	readonly bytes: number;
	/** `_header.split_file`: a part without indexes, completed by a later file of the same backup. */
	readonly split: boolean;
	/** `_header.merged_files`: numbers of the files this one has absorbed. */
	readonly mergedFiles: readonly number[];
	readonly encrypted: boolean;
}

export interface BackupSet {
	/** `_header.imageid`. */
	readonly id: string;
	/**
	 * `_header.backupset_time`, when the set was begun: sets are newer and older by it. Rolling the full forward does
	 * not change it, though it changes the time of the full.
	 */
	readonly time: number;
	/** In any order. */
	readonly files: readonly BackupFile[];
	/** The set holds exactly the partitions of the definition (see src/image/set/partition-identity.ts). */
	readonly matching: boolean;
	/**
	 * Why the set cannot be relied on (a file missing or unreadable, its newest backup found damaged). Such a set is left
	 * alone and counts for nothing.
	 */
	readonly damage?: string | undefined;
}

export type RetentionUnit = 'backups' | 'days' | 'weeks' | 'months';

export interface RetentionRule {
	readonly enabled: boolean;
	/** How many backups, or of how many days, weeks or months: at least 1. */
	readonly keep: number;
	readonly unit: RetentionUnit;
}

export interface RetentionRules {
	/** `matching`: sets of exactly the same partitions; `all`: every image set of the folder. */
	readonly scope: 'matching' | 'all';
	readonly full: RetentionRule;
	readonly differential: RetentionRule;
	readonly incremental: RetentionRule;
	/** Roll the full forward instead of merging incrementals, where a set is a full followed by incrementals alone. */
	readonly syntheticFull: boolean;
	/** Purge before the backup; the coming backup then counts. */
	readonly runBefore: boolean;
	/** Delete the oldest sets while fewer bytes than this are free; undefined when the rule is off. */
	readonly minFreeBytes: number | undefined;
}

export interface RetentionInput {
	readonly sets: readonly BackupSet[];
	readonly rules: RetentionRules;
	readonly now: number;
	/** IANA time zone in which days, weeks and months are counted back, such as `Europe/Berlin`. */
	readonly zone: string;
	/** Type of the backup that follows; used only when the rules run before it. */
	readonly coming?: BackupType | undefined;
	/** Free bytes on the volume of the folder; undefined when unknown, and the free-space rule then waits. */
	readonly freeBytes?: number | undefined;
	/** Sets that a running job writes or stands on; never touched. */
	readonly protect?: readonly string[] | undefined;
	/**
	 * Size of the file that a merge of these (oldest first) would make, when the caller can tell. Without it a merge
	 * is taken to free nothing, since the blocks that two files both hold are known to their indexes alone.
	 */
	readonly mergedBytes?: ((files: readonly BackupFile[]) => number) | undefined;
}

/**
 * - `delete-leftovers`: files that a merge has absorbed and whose removal was interrupted
 * - `delete-set`: a full with all that is linked to it
 * - `delete-differential`: a differential with the incrementals that stand on it
 * - `delete-incrementals`: every incremental of one branch, none of which is kept
 * - `merge`: older incrementals into the oldest kept one of their branch
 * - `roll-forward`: incrementals into their full: a synthetic full
 */
export type RetentionStepKind =
	'delete-leftovers' | 'delete-set' | 'delete-differential' | 'delete-incrementals' | 'merge' | 'roll-forward';

export interface RetentionStep {
	readonly kind: RetentionStepKind;
	readonly setId: string;
	/**
	 * What the step works on. Deletions: newest first, the order to delete in, so that a crash on the way leaves a
	 * chain that restores. `merge` and `roll-forward`: oldest first; the result takes the identity of the first.
	 */
	readonly files: readonly BackupFile[];
	/** Bytes that the step frees; for a merge an estimate (see `RetentionInput.mergedBytes`). */
	readonly bytesFreed: number;
	/** Why, in English, for the log and for `--dry-run`. */
	readonly reason: string;
	/** Why, for those who read it in another language. */
	readonly wording: ReasonWording;
}

/** Why something goes, in the language that `t` speaks. @param size bytes as that language has them */
export type ReasonWording = (t: Translate, size: (bytes: number) => string) => string;

/** Something the planner left alone, and why. */
export interface RetentionNote {
	readonly setId: string;
	readonly text: string;
}

/** Steps are to be done in order; each leaves every remaining backup restorable. */
export interface RetentionPlan {
	readonly steps: readonly RetentionStep[];
	readonly notes: readonly RetentionNote[];
}
