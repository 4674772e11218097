import type { BackupType } from './retention/types.ts';

/**
 * A backup definition as the program uses it. Names and meanings are those of `schema/backup-definition.xsd`, in
 * camel case; what a document leaves out has the default of the schema. Sizes are bytes, times of day `HH:MM`,
 * days `YYYY-MM-DD`.
 */
export interface BackupDefinition {
	readonly name: string;
	readonly comment: string;
	readonly sources: Sources;
	readonly destination: Destination;
	readonly backupType: 'auto' | BackupType;
	readonly compressionLevel: CompressionLevel;
	readonly encryption: Encryption;
	/** Undefined: as large as the destination allows. */
	readonly fileSizeLimit: number | undefined;
	readonly intelligentSectorCopy: boolean;
	readonly autoVerify: boolean;
	/** Days after which a backup is verified again; 0 = never. */
	readonly reverifyAfterDays: number;
	readonly checkFilesystem: boolean;
	readonly cpuPriority: CpuPriority;
	/** KB a second, -1 for no limit. */
	readonly rateLimit: number;
	readonly powerSaving: boolean;
	readonly postBackupShutdown: PostBackupShutdown;
	readonly scheduling: Scheduling;
	readonly diskSpaceManagement: DiskSpaceManagement;
	readonly scripts: Scripts;
	readonly email: Email;
}

export type CompressionLevel = 'none' | 'medium' | 'high';
export type AesType = 'none' | 'aes-128' | 'aes-192' | 'aes-256';
export type CpuPriority = 'idle' | 'below_normal' | 'normal' | 'above_normal';
export type ShutdownLevel = 'none' | 'shutdown' | 'hibernate' | 'suspend' | 'reboot';

export interface Sources {
	/** Also the partitions that the system needs to boot, found out at run time. */
	readonly bootPartitions: boolean;
	readonly disks: readonly SourceDisk[];
	readonly rawFiles: readonly SourceRawFile[];
}

export interface SourceDisk {
	/** GPT disk GUID, or the 8 hexadecimal digits of an MBR signature. */
	readonly signature: string;
	/** A hint for people. */
	readonly number: number | undefined;
	/** A hint for people. */
	readonly model: string | undefined;
	/** Empty: all partitions that the disk has at run time. */
	readonly partitions: readonly SourcePartition[];
}

export interface SourceRawFile {
	readonly path: string;
	/** Empty: all of them. */
	readonly partitions: readonly SourcePartition[];
}

export interface SourcePartition {
	readonly number: number;
	/** Bytes from the start of the disk. */
	readonly offset: number | undefined;
	/** A hint for people. */
	readonly label: string | undefined;
}

/** Exactly one of `folder` and `opticalDrive` is given. */
export interface Destination {
	readonly folder: string | undefined;
	readonly opticalDrive: string | undefined;
	readonly alternativeLocations: { readonly folders: readonly string[] };
	readonly filenameTemplate: string;
	readonly prefixUnique: boolean;
}

export interface Encryption {
	readonly aesType: AesType;
	readonly passwordSource: 'prompt' | 'secret_storage' | 'environment' | 'file';
	readonly passwordName: string | undefined;
}

export interface PostBackupShutdown {
	readonly enable: boolean;
	readonly level: ShutdownLevel;
	readonly force: boolean;
}

export interface Scheduling {
	/** Undefined: that of the computer. */
	readonly timeZone: string | undefined;
	readonly missedRuns: 'run_once' | 'skip';
	readonly schedules: readonly Schedule[];
}

export interface Schedule {
	readonly backupType: BackupType;
	readonly enable: boolean;
	readonly startDate: string | undefined;
	readonly timing: Timing;
}

export type Timing =
	| { readonly kind: 'once'; readonly date: string; readonly time: string }
	| { readonly kind: 'daily'; readonly time: string; readonly interval: number }
	| { readonly kind: 'weekly'; readonly days: readonly Weekday[]; readonly time: string; readonly interval: number }
	| { readonly kind: 'monthly'; readonly day: number | 'last'; readonly time: string; readonly interval: number }
	| {
			readonly kind: 'monthly_weekday';
			readonly week: WeekOfMonth;
			readonly weekday: Weekday;
			readonly time: string;
			readonly interval: number;
	  }
	| {
			readonly kind: 'intradaily';
			readonly minutes: number;
			readonly from: string;
			readonly until: string;
			readonly days: readonly Weekday[];
	  }
	| { readonly kind: 'event'; readonly trigger: 'startup' | 'log_on' };

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];
export type WeekOfMonth = 'first' | 'second' | 'third' | 'fourth' | 'last';

export interface DiskSpaceManagement {
	readonly applyToAllSetsInFolder: boolean;
	readonly incrementalsForever: boolean;
	readonly runBefore: boolean;
	readonly lowSpacePurge: boolean;
	readonly lowSpaceGbThreshold: number;
	readonly fullRetention: Retention | undefined;
	readonly differentialRetention: Retention | undefined;
	readonly incrementalRetention: Retention | undefined;
}

export interface Retention {
	readonly enable: boolean;
	readonly interval: number;
	readonly period: RetentionPeriod;
}

export type RetentionPeriod = 'count' | 'days' | 'weeks' | 'months';

export interface Scripts {
	readonly before: readonly Script[];
	readonly after: readonly ScriptAfter[];
}

export interface Script {
	readonly path: string;
	readonly arguments: readonly string[];
	/** Seconds. */
	readonly timeLimit: number;
	readonly onFailure: 'stop' | 'warn' | 'ignore';
}

export interface ScriptAfter extends Script {
	readonly runOn: 'always' | 'success' | 'failure';
}

export interface Email {
	readonly server: string | undefined;
	readonly sender: string | undefined;
	readonly success: Message | undefined;
	readonly warning: Message | undefined;
	readonly failure: FailureMessage | undefined;
}

export interface Message {
	readonly enable: boolean;
	readonly recipients: string;
	readonly subject: string;
	readonly content: string;
	readonly attachLog: boolean;
	readonly attachVssLog: boolean;
}

export interface FailureMessage extends Message {
	readonly includeCancelled: boolean;
	readonly includeSkipped: boolean;
}
