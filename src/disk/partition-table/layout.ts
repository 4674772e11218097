import type { GptTable } from './gpt/table.ts';

export type SectorSize = 512 | 4096;

/** Something about a disk that its owner should know, though the disk can be imaged. */
export interface LayoutWarning {
	/** Where, what was expected and what was found, as a sentence. */
	readonly message: string;
	/** What to do about it; undefined when nothing needs to be done. */
	readonly advice?: string;
}

/** Sector size of a disk that does not tell it itself. */
export interface DetectedSectorSize {
	readonly sectorSize: SectorSize;
	/** Both sizes are possible: 512 was taken. */
	readonly warning?: LayoutWarning;
}

/** The fields of an MBR entry that an image keeps for each partition; for a GPT partition their nearest equivalents. */
export interface PartitionTableEntry {
	/** 0x80 when the partition is active, else 0x00; whatever byte stands in the MBR otherwise. */
	readonly status: number;
	readonly startHead: number;
	readonly startCylinder: number;
	/** MBR type byte. GPT: the byte that MBR disks use for the same purpose (basic data: 0x07), 0 when there is none. */
	readonly type: number;
	readonly endHead: number;
	readonly endCylinder: number;
	/** First sector counted from the disk's start, for logical partitions too; at most 0xffffffff. */
	readonly bootSector: number;
	/** At most 0xffffffff. */
	readonly numSectors: number;
	readonly active: boolean;
	readonly kind: 'primary' | 'logical';
}

export interface Partition {
	/**
	 * As Linux numbers it: GPT entry index + 1; MBR primaries 1 to 4, logical ones from 5 in the order of the chain;
	 * 1 for a disk without a partition table.
	 */
	readonly number: number;
	/** Byte on the disk. */
	readonly start: number;
	/** Bytes, never beyond the disk's end. */
	readonly length: number;
	/** MBR type byte as two lower-case hex digits, or GPT type GUID in upper case; empty without a table. */
	readonly typeId: string;
	/** What the type stands for: `EFI system`, `Microsoft reserved`, `Linux filesystem`; `Unknown (…)` otherwise. */
	readonly typeName: string;
	/** GPT partition name; empty elsewhere. */
	readonly name: string;
	/** GPT partition GUID in upper case; empty elsewhere. */
	readonly guid: string;
	/** All 64 GPT attribute bits; 0 elsewhere. */
	readonly attributes: bigint;
	/** MBR active partition, or GPT attribute 2 (legacy BIOS bootable). */
	readonly active: boolean;
	/** GPT attribute 0: the platform needs this partition. */
	readonly required: boolean;
	/** GPT basic data attribute 62, or an MBR type that boot managers use for hidden volumes (0x11, 0x14, 0x16, 0x17, 0x1b, 0x1c, 0x1e, 0x27). */
	readonly hidden: boolean;
	/** GPT basic data attribute 60. */
	readonly readOnly: boolean;
	readonly entry: PartitionTableEntry;
	/** Why every sector must be stored whatever the contents look like: the table that bounds it is destroyed. */
	readonly wholeReason?: string;
}

/** One extended boot record, as the image's `$EPT` keeps it. */
export interface ExtendedBootRecord {
	/** The record's first 512 bytes. */
	readonly sector: Uint8Array;
	/** Byte on the disk. */
	readonly offset: number;
	/** The logical partition that the record describes; 0 when it describes none (the empty head of a chain). */
	readonly partitionNumber: number;
}

export interface ExtendedPartition {
	/** 1 to 4. */
	readonly number: number;
	readonly typeId: string;
	/** Byte on the disk. */
	readonly start: number;
	/** Bytes. */
	readonly length: number;
	/** In the order of the chain. */
	readonly records: readonly ExtendedBootRecord[];
}

export interface DiskLayout {
	/** `none`: no table; `partitions` then holds one partition, number 1, that is the whole disk. */
	readonly table: 'gpt' | 'mbr' | 'none';
	readonly sectorSize: SectorSize;
	/** Bytes. */
	readonly size: number;
	/** MBR disk signature as 8 upper-case hex digits, GPT disk GUID in upper case, or empty. */
	readonly id: string;
	/** In the order in which they lie on the disk. The extended partition of an MBR is not among them. */
	readonly partitions: readonly Partition[];
	/** Extended partitions of an MBR; a sane disk has at most one. */
	readonly extended: readonly ExtendedPartition[];
	/**
	 * Bytes from the disk's start to the first partition, at most 1 MiB and, where the disk has them, at least 63
	 * sectors: what the image's `$TRACK0` holds. See `readTrack0`.
	 */
	readonly track0Length: number;
	/** A GPT disk whose MBR names partitions besides the protective one. */
	readonly hybrid: boolean;
	/** The table in use on a GPT disk: of the primary, or of the backup when the primary is damaged. */
	readonly gpt?: GptTable;
	readonly warnings: readonly LayoutWarning[];
}
