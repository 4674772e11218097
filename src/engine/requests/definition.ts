import type { BackupType } from '../../protocol/backups.ts';
import type { ImageResult } from './image.ts';
import type { PurgeStep } from './retention.ts';
import type { VerifiedBackup } from './verify.ts';

/** Running and checking definitions: requests and results of jobs. Plain data; sizes and offsets in bytes. */

export interface DefinitionRunRequest {
	/** Path of the definition. */
	readonly definition: string;
	/** `auto`: what the definition says. */
	readonly type: BackupType | 'auto';
	/** Goes before the source that the definition names. */
	readonly password: string | undefined;
	/** Somebody is there to be asked: a password that is missing or wrong is no failure to send mail about. */
	readonly interactive: boolean;
	/**
	 * Milliseconds to wait at the most while others have the folder. It is a scheduled run then: it makes nothing where the
	 * definition has made such a backup, or a greater one, since the minute in which it began.
	 */
	readonly wait?: number | undefined;
}

export interface DefinitionRunResult {
	readonly definition: string;
	/** Name of the definition. */
	readonly name: string;
	/** The destination that was used. */
	readonly folder: string;
	readonly image: ImageResult;
	/** Nothing was made, since `image` was there by then: it says so, and reads and writes nothing. */
	readonly madeMeanwhile: boolean;
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
