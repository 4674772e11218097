import type { BackupFolderInfo, CompareInfo, DoomedBackups, ImageInfo } from './backups.ts';
import type { DiskInfo } from './disks.ts';
import type { DueReports } from './due.ts';
import type { BackedUpFolder, BackedUpPartition, FilePiece, FilePlace } from './files.ts';
import type { RestoreChoice, RestorePreview } from './restore.ts';
import type { OpenPath } from './rights.ts';
import type { JobInfo, JobLogLine, JobProgress, JobResult, JobStart, RunningRun, RunRecord } from './jobs.ts';

/** Raised when a message changes its meaning; both sides refuse another version. */
export const protocolVersion = 1;

/** Requests from a client to the engine: parameters and result by method. JSON-RPC 2.0, one message a line header as LSP has it. */
export interface EngineRequests {
	'engine/info': { params: Record<string, never>; result: EngineInfo };
	'disks/list': { params: { readonly files: readonly string[] }; result: readonly DiskInfo[] };
	'folder/list': { params: { readonly folder: string }; result: BackupFolderInfo };
	'image/inspect': { params: { readonly file: string; readonly password?: string }; result: ImageInfo };
	'image/compare': { params: { readonly file: string }; result: CompareInfo };
	/** What a deletion takes with it, by sets: dependants first named, then done by a job `delete` for each set. */
	'image/dependants': { params: { readonly files: readonly string[] }; result: readonly DoomedBackups[] };
	/** Every partition of the backup, by disk and number. */
	'image/partitions': {
		params: { readonly image: string; readonly password?: string };
		result: readonly BackedUpPartition[];
	};
	/** What a folder of a backup holds, by name. */
	'files/list': { params: { readonly place: FilePlace; readonly password?: string }; result: BackedUpFolder };
	/** The one entry of a place; the root is a folder without a name. */
	'files/stat': { params: { readonly place: FilePlace; readonly password?: string }; result: BackedUpFolder };
	/** A piece of a file, shorter than asked for where the file ends. */
	'files/read': {
		params: {
			readonly place: FilePlace;
			readonly offset: number;
			/** At most {@link largestFilePiece}. */
			readonly length: number;
			readonly password?: string;
		};
		result: FilePiece;
	};
	'merge/plan': {
		params: { readonly files: readonly string[] };
		result: { readonly resultName: string; readonly movedBytes: number; readonly freedBytes: number };
	};
	/** What a restore would write and where, after all checks of a restore; nothing is written. */
	'restore/preview': { params: { readonly choice: RestoreChoice; readonly password?: string }; result: RestorePreview };
	/** What of a file and the folders above it others may write; on Windows, where the extension itself cannot tell. */
	'rights/open': { params: { readonly path: string }; result: readonly OpenPath[] };
	/** Leaves them to the user and administrators. */
	'rights/restrict': { params: { readonly paths: readonly string[] }; result: null };
	'jobs/start': { params: JobStart; result: JobInfo };
	'jobs/list': { params: Record<string, never>; result: readonly JobInfo[] };
	'jobs/cancel': { params: { readonly id: string }; result: null };
	/** Runs of other processes of this machine that have not ended, newest first. */
	'runs/running': { params: Record<string, never>; result: readonly RunningRun[] };
	'runs/list': { params: { readonly limit: number }; result: readonly RunRecord[] };
	/** Whether the scheduled backups of definitions, named by their paths, were made. */
	'definitions/due': { params: { readonly definitions: readonly string[] }; result: DueReports };
	'engine/shutdown': { params: Record<string, never>; result: null };
}

export type EngineMethod = keyof EngineRequests;

/** Notifications from the engine to every client that is attached. */
export interface EngineNotifications {
	'jobs/progress': { readonly id: string; readonly progress: JobProgress };
	'jobs/log': { readonly id: string; readonly line: JobLogLine };
	'jobs/ended': { readonly id: string; readonly result: JobResult };
}

export type EngineNotification = keyof EngineNotifications;

export interface EngineInfo {
	readonly version: string;
	readonly protocol: number;
	readonly pid: number;
	readonly elevated: boolean;
	/** What compresses: `libzstd 1.5.6 (process)` or `node:zlib`. */
	readonly codec: string;
}

/**
 * The handshake on a new connection, before any other message. The token (32 random bytes, base64url) reaches the engine
 * through its standard input, never through arguments or the environment; what crosses the socket is proof of it.
 * Client sends `challenge` with a nonce; the engine answers with HMAC-SHA-256(token, 'engine' + nonce) and a nonce of
 * its own; the client answers with HMAC-SHA-256(token, 'client' + engine's nonce). Each side ends the connection at a wrong proof.
 */
export interface Handshake {
	'hello/challenge': {
		params: { readonly nonce: string; readonly protocol: number };
		result: { readonly proof: string; readonly nonce: string };
	};
	'hello/prove': { params: { readonly proof: string }; result: null };
}
