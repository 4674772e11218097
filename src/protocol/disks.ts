/** Disks and partitions as the engine describes them to views and the command line. All sizes and offsets in bytes. */

export type PartitionFlag =
	'boot' | 'system' | 'efi' | 'reserved' | 'recovery' | 'active' | 'hidden' | 'encrypted' | 'swap';

/** A volume within a partition, such as a logical one of LVM. */
export interface VolumeInfo {
	readonly name: string;
	/** As of a partition, or what it is in words. */
	readonly fileSystem: string;
	readonly label: string;
	/** Of what lies on several partitions, the part on this one. */
	readonly size: number;
	/** Undefined when all of it is stored. */
	readonly used: number | undefined;
	readonly wholeReason: string | undefined;
}

export interface PartitionInfo {
	/** As the system numbers it: GPT entry + 1, MBR primary 1–4, logical from 5. */
	readonly number: number;
	readonly start: number;
	readonly length: number;
	readonly typeName: string;
	/** GPT partition name; empty elsewhere. */
	readonly name: string;
	/** `NTFS`, `FAT32`, `ext4`, …, `LUKS`, `unknown`; empty when it could not be read without more rights. */
	readonly fileSystem: string;
	readonly label: string;
	readonly uuid: string;
	/** What tells its contents from all others: the UUID, with that of the device where they lie on several; or empty. */
	readonly identity: string;
	readonly clusterSize: number;
	/** Undefined when only the whole partition can be stored. */
	readonly used: number | undefined;
	readonly mountedAt: readonly string[];
	readonly flags: readonly PartitionFlag[];
	/** Why every sector of it is stored: dirty, contradicting structures, a file system we do not know. */
	readonly wholeReason: string | undefined;
	/** Undefined where it does not hold volumes of its own. */
	readonly volumes?: readonly VolumeInfo[];
}

export interface DiskInfo {
	/** Device path or path of the raw file. */
	readonly path: string;
	readonly kind: 'device' | 'file';
	readonly number: number;
	readonly model: string;
	readonly serial: string;
	readonly size: number;
	readonly sectorSize: number;
	readonly table: 'gpt' | 'mbr' | 'none';
	/** MBR signature as 8 hex digits, GPT disk GUID in upper case, or empty. */
	readonly id: string;
	readonly readOnly: boolean;
	readonly removable: boolean;
	readonly partitions: readonly PartitionInfo[];
	readonly warnings: readonly string[];
	/** Contents could not be read with the rights of this engine: sizes come from the system, file systems are unknown. */
	readonly needsRights: boolean;
}
