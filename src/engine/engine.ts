import type { BackupFolderInfo, BackupType, CompareInfo, DoomedBackups, ImageInfo } from '../protocol/backups.ts';
import type { DiskInfo } from '../protocol/disks.ts';
import type { DueReports } from '../protocol/due.ts';
import type { BackedUpFolder, BackedUpPartition, FilePiece } from '../protocol/files.ts';
import type { RunningRun, RunRecord } from '../protocol/jobs.ts';
import type { RestorePreview } from '../protocol/restore.ts';
import type { JobEvent } from './job-events.ts';
import type { DefinitionRunRequest, DefinitionRunResult, ValidatedFile } from './requests/definition.ts';
import type { ExtractRequest, ExtractResult, PartitionsRequest, PieceRequest, PlaceRequest } from './requests/files.ts';
import type { ImageRequest, ImageResult } from './requests/image.ts';
import type { Mounted, MountRequest } from './requests/mount.ts';
import type { RestoreRequest, RestoreResult } from './requests/restore.ts';
import type { MergeRequest, MergeResult, PurgeRequest, PurgeResult, RemoveResult } from './requests/retention.ts';
import type { Served, ServeRequest, ServeResult } from './requests/serve.ts';
import type { VerifyBackupsRequest, VerifyBackupsResult, VerifyRequest, VerifyResult } from './requests/verify.ts';

/** How a caller watches and stops a job. */
export interface JobControl {
	readonly signal: AbortSignal;
	readonly emit: (event: JobEvent) => void;
	/** Is told the path of the run's log for people once there is one, and undefined when it can be written no more. */
	readonly onLog?: (path: string | undefined) => void;
	/** Is told a title for the run that says more than that of its request, once there is one. */
	readonly onTitle?: (title: string) => void;
	/** Is told the type of the backup that a run has made, or found made, as soon as it is there: what follows may fail. */
	readonly onMade?: (type: BackupType) => void;
	/** The log that {@link onLog} was told of, for the job itself. */
	readonly logPath?: string | undefined;
}

/** Everything that can be asked of the engine. Every method throws AfterimageError. */
export interface Engine {
	/** The disks of this machine, or those named: devices and raw files. */
	disks(paths: readonly string[], control: JobControl): Promise<readonly DiskInfo[]>;
	/** Everything there is to say about a definition file. */
	validate(file: string, control: JobControl): Promise<ValidatedFile>;
	/** Runs a backup definition. */
	backup(request: DefinitionRunRequest, control: JobControl): Promise<DefinitionRunResult>;
	image(request: ImageRequest, control: JobControl): Promise<ImageResult>;
	inspect(file: string, control: JobControl): Promise<ImageInfo>;
	verify(request: VerifyRequest, control: JobControl): Promise<VerifyResult>;
	/** Verifies several backups, or all of folders: what they have in common is read once. */
	verifyBackups(request: VerifyBackupsRequest, control: JobControl): Promise<VerifyBackupsResult>;
	restore(request: RestoreRequest, control: JobControl): Promise<RestoreResult>;
	/** Checks a restore as {@link Engine.restore} does, and tells what it would do; writes nothing. */
	previewRestore(request: RestoreRequest, control: JobControl): Promise<RestorePreview>;
	sets(folder: string, control: JobControl): Promise<BackupFolderInfo>;
	merge(request: MergeRequest, control: JobControl): Promise<MergeResult>;
	purge(request: PurgeRequest, control: JobControl): Promise<PurgeResult>;
	/** What changed between a backup and the one that it stands on. */
	compare(file: string, control: JobControl): Promise<CompareInfo>;
	/** What goes when backups are deleted, themselves included, by sets. */
	dependants(files: readonly string[], control: JobControl): Promise<readonly DoomedBackups[]>;
	/** Deletes backups of one set together with all that stand on them. */
	remove(files: readonly string[], control: JobControl): Promise<RemoveResult>;
	/** The partitions of a backup, and which of them have files to show. */
	partitions(request: PartitionsRequest, control: JobControl): Promise<readonly BackedUpPartition[]>;
	/** What a folder in a backup holds, by name. */
	listFiles(request: PlaceRequest, control: JobControl): Promise<BackedUpFolder>;
	/** The one entry of a place in a backup. */
	statFile(request: PlaceRequest, control: JobControl): Promise<BackedUpFolder>;
	readFile(request: PieceRequest, control: JobControl): Promise<FilePiece>;
	/** Copies files and folders of a backup into a folder. */
	extract(request: ExtractRequest, control: JobControl): Promise<ExtractResult>;
	/**
	 * Shows a backup as a folder until somebody unmounts it or it is aborted, neither of which is an error.
	 * @param onMounted is told once, as soon as the folder can be used
	 */
	mount(request: MountRequest, control: JobControl, onMounted: (mounted: Mounted) => void): Promise<void>;
	/**
	 * Serves disks of a backup as network block devices until it is aborted, which is no error.
	 * @param onServed is told once, as soon as clients can connect
	 */
	serve(request: ServeRequest, control: JobControl, onServed: (served: Served) => void): Promise<ServeResult>;
	/** The newest finished runs, newest first. */
	runs(limit: number): Promise<readonly RunRecord[]>;
	/** Runs of other processes of this machine that have not ended, newest first. */
	running(): Promise<readonly RunningRun[]>;
	/**
	 * Whether the scheduled backups of definitions were made, as far as the history tells. Throws nothing.
	 * @param definitions paths
	 * @param grace milliseconds for which a backup may be due and on its way unseen; undefined for the standard
	 */
	due(definitions: readonly string[], grace?: number): Promise<DueReports>;
}
