import type { ErrorRecord } from '../base/errors.ts';
import type { BackupType } from './backups.ts';
import type { JobPhase } from './job-phases.ts';
import type { ConfirmedDisk, RestoreChoice } from './restore.ts';

/** What a job is asked to do. Passwords travel beside it in `JobStart`, never inside, so that a job can be kept and shown. */
export type JobRequest =
	| {
			readonly kind: 'backup';
			/** Path of the definition file; the engine reads and checks it itself. */
			readonly definition: string;
			readonly type: 'full' | 'inc' | 'diff' | 'auto';
	  }
	| { readonly kind: 'verify'; readonly file: string; readonly samplePercent?: number }
	| {
			readonly kind: 'verify-backups';
			/** Image files, and folders with all backups in them. */
			readonly paths: readonly string[];
	  }
	| (RestoreChoice & {
			readonly kind: 'restore';
			/** What the user typed to confirm: must equal `target`. Without it the target has to be a file that is not there yet. */
			readonly confirmed?: string;
			/** The disk that was shown meanwhile: no other one of that name is written. */
			readonly confirmedDisk?: ConfirmedDisk;
	  })
	| { readonly kind: 'merge'; readonly files: readonly string[] }
	| { readonly kind: 'delete'; readonly files: readonly string[] }
	| {
			readonly kind: 'extract';
			/** Path of an image file of the backup. */
			readonly image: string;
			readonly disk: number;
			readonly partition: number;
			/** Of files and folders in the backup, as `FilePlace.path`; folders with all they hold. */
			readonly paths: readonly string[];
			/** Where they go, each under its last name; made when it is not there. */
			readonly folder: string;
			/** Files that are there already are replaced; otherwise the job refuses to begin. */
			readonly overwrite: boolean;
			/** Whether root gives files their owners; true when absent. */
			readonly owners?: boolean;
	  };

/** Detail of the error of a `verify-backups` job: image ids of the sets that none of the passwords opened, divided by spaces. */
export const lockedSets = 'lockedSets';

export interface JobStart {
	readonly request: JobRequest;
	readonly password?: string;
	/** Of several encrypted sets, where a job may be about more than one. */
	readonly passwords?: readonly string[];
}

export interface JobProgress {
	readonly phase: JobPhase;
	readonly doneBytes: number;
	/** 0 while it is not known. */
	readonly totalBytes: number;
	/** Bytes a second over the last seconds. */
	readonly rate: number;
	readonly secondsLeft: number | undefined;
	readonly readBytes: number;
	readonly writtenBytes: number;
}

export type JobOutcome = 'success' | 'warning' | 'failed' | 'cancelled';

export interface JobLogLine {
	/** ISO 8601. */
	readonly time: string;
	readonly level: 'info' | 'warning' | 'error';
	readonly text: string;
}

export interface JobInfo {
	readonly id: string;
	readonly request: JobRequest;
	readonly title: string;
	readonly started: string;
	readonly progress: JobProgress | undefined;
	/** Undefined while it runs. */
	readonly result: JobResult | undefined;
}

export interface JobResult {
	readonly outcome: JobOutcome;
	readonly ended: string;
	readonly summary: string;
	readonly error?: ErrorRecord;
	/** Files that the job made. */
	readonly files: readonly string[];
	/** Path of the log for people. */
	readonly logPath?: string;
	readonly bytesRead: number;
	readonly bytesWritten: number;
}

/** What a run was: a job that VS Code can start too, or the serving of a backup. */
export type RunKind = JobRequest['kind'] | 'serve';

/** What is known of a run from its beginning on. */
interface StartedRun {
	readonly id: string;
	readonly title: string;
	readonly kind: RunKind;
	/** Path of the definition that is run. */
	readonly definition?: string;
	/** Type of the backup, as it was asked for. */
	readonly type?: string;
	/** As ISO 8601 has it. */
	readonly started: string;
}

/** A run that has not ended, of whatever process on this machine. */
export interface RunningRun extends StartedRun {
	readonly logPath: string;
}

/** One finished run, as the history keeps it. */
export interface RunRecord extends StartedRun {
	/** As ISO 8601 has it. */
	readonly ended: string;
	readonly outcome: JobOutcome;
	readonly summary: string;
	/** Type of the backup that it has made or found made; logs of earlier versions do not tell it. */
	readonly made?: BackupType;
	readonly bytesRead: number;
	readonly bytesWritten: number;
	readonly files: readonly string[];
	readonly logPath?: string;
}
