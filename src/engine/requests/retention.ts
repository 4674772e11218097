import type { RetentionRules, RetentionStepKind } from '../../definition/retention/types.ts';

/** Merging and removing backups: requests and results of jobs. Plain data; sizes and offsets in bytes. */

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
