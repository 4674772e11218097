import type { ErrorRecord } from '../base/errors.ts';
import type { BackupSetInfo, ImageInfo } from './backups.ts';
import type { DiskInfo } from './disks.ts';
import type { JobProgress, JobRequest, JobResult } from './jobs.ts';
import type { RestoreChoice, RestorePreview } from './restore.ts';

/** Messages between the page that restores an image and the extension. */

export type RestoreRequest = Extract<JobRequest, { kind: 'restore' }>;

export type RestoreToHost =
	/** The page is drawn. After a reload it names the point and the target that were chosen: `set`, `image` and `disks` answer. */
	| { readonly type: 'ready'; readonly file?: string; readonly target?: string }
	/** Another point of the set is to be restored: `image` answers. */
	| { readonly type: 'choose-point'; readonly file: string }
	| { readonly type: 'list-disks'; readonly elevated: boolean }
	/** A raw file to write to, there already or not: `browsed` answers. */
	| { readonly type: 'browse'; readonly create: boolean }
	/** What a restore would do: `checked` answers with the same id. */
	| { readonly type: 'check'; readonly id: number; readonly choice: RestoreChoice }
	| { readonly type: 'start'; readonly request: RestoreRequest }
	| { readonly type: 'cancel-run' }
	| { readonly type: 'open-log' }
	| { readonly type: 'close' };

export type HostToRestore =
	| {
			readonly type: 'set';
			readonly set: BackupSetInfo;
			/** Path of the point that was asked for. */
			readonly file: string;
			readonly trusted: boolean;
			readonly timeZone: string;
	  }
	| {
			readonly type: 'image';
			readonly file: string;
			readonly info: ImageInfo | undefined;
			readonly error: ErrorRecord | undefined;
	  }
	| {
			readonly type: 'disks';
			readonly disks: readonly DiskInfo[];
			readonly elevated: boolean;
			readonly error: ErrorRecord | undefined;
	  }
	| { readonly type: 'browsed'; readonly path: string; readonly exists: boolean }
	/** Neither preview nor error: the user has cancelled a question. */
	| {
			readonly type: 'checked';
			readonly id: number;
			readonly preview: RestorePreview | undefined;
			readonly error: ErrorRecord | undefined;
	  }
	| { readonly type: 'progress'; readonly progress: JobProgress | undefined }
	/** The run is over; without a result it was never started. */
	| { readonly type: 'ended'; readonly result: JobResult | undefined };
