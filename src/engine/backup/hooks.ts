import type { BackupType } from '../../protocol/backups.ts';
import type { BeforeWrite } from './store-partition.ts';

/** What names a backup's files. */
export interface NamingFacts {
	/** 16 hex digits. */
	readonly imageId: string;
	readonly type: BackupType;
	readonly incrementNumber: number;
	readonly fileNumber: number;
	/** Numbers of the disks in the image. */
	readonly disks: readonly number[];
}

/** A disk with the numbers of its partitions that are imaged. */
export interface CarriedDisk {
	readonly number: number;
	readonly partitions: number[];
	/** GPT disk GUID or MBR signature; empty when it has none. */
	readonly signature: string;
}

/** What the run of a definition decides of a backup beside its request. */
export interface BackupHooks {
	/** Name of the files without numbers and extension. */
	baseName(facts: NamingFacts): string;
	/**
	 * `_auxiliary_data.backup_definition` of the image: the definition that it carries.
	 * @param filename path of the image file
	 * @param disks what is imaged
	 */
	carried(filename: string, disks: readonly CarriedDisk[]): object;
	/** Waits before blocks are written. */
	readonly beforeWrite: BeforeWrite;
}
