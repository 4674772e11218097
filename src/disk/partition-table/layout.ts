import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { boundPartitions } from './bounds.ts';
import { gptPartitions } from './gpt/partitions.ts';
import { readGpt } from './gpt/read.ts';
import { hasGptSignature } from './gpt/table.ts';
import { isBootSector } from './mbr/bare.ts';
import { hasBootMark } from './mbr/entries.ts';
import { checkProtective } from './mbr/protective.ts';
import { mbrKind, mbrSignature, readMbr } from './mbr/read.ts';
import { track0Length } from './track0.ts';
import type { GptTable } from './gpt/table.ts';

export type SectorSize = 512 | 4096;

/** Something about a disk that its owner should know, though the disk can be imaged. */
export interface LayoutWarning {
	/** Where, what was expected and what was found, as a sentence. */
	readonly message: string;
	/** What to do about it; undefined when nothing needs to be done. */
	readonly advice?: string;
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
/**
 * Reads what partitions a disk holds: GPT (UEFI 2.10, section 5), MBR with its chain of logical partitions, hybrid and
 * protective MBR, or a bare file system. Never writes. A table that cannot be trusted leads to one partition that is
 * the whole disk, to be stored whole, and to a warning.
 * @param sectorSize logical sector size of the device; for a raw file see `detectSectorSize`
 * @throws AfterimageError `read-error`
 */
export async function readDiskLayout(source: ByteSource, sectorSize: SectorSize): Promise<DiskLayout> {
	if (source.size < 2 * sectorSize) return bareDisk(source, sectorSize, []);
	const sector = await readBytes(source, 0, sectorSize);
	if (hasBootMark(sector) && isBootSector(sector, source.size, sectorSize)) return bareDisk(source, sectorSize, []);
	const kind = mbrKind(sector);
	if (kind === 'protective' || kind === 'hybrid') return gptDisk(source, sectorSize, sector, kind === 'hybrid');
	if (kind === 'partitions') return mbrDisk(source, sectorSize, sector);
	return tablelessDisk(source, sectorSize, sector, kind);
}

async function gptDisk(
	source: ByteSource,
	sectorSize: SectorSize,
	sector: Uint8Array,
	hybrid: boolean,
): Promise<DiskLayout> {
	const reading = await readGpt(source, sectorSize);
	const warnings = hybrid
		? reading.warnings
		: [...checkProtective(sector, sectorsOf(source, sectorSize)), ...reading.warnings];
	if (reading.table === undefined) {
		warnings.push(...(await otherSectorSize(source, sectorSize)));
		return bareDisk(source, sectorSize, warnings, 'the partition table is damaged, so its bounds are not known');
	}
	const { table } = reading;
	const read = gptPartitions(table);
	const { partitions, warnings: bounds } = boundPartitions(read.partitions, source.size);
	return {
		table: 'gpt',
		sectorSize,
		size: source.size,
		id: table.diskGuid,
		partitions,
		extended: [],
		track0Length: track0Length(source.size, sectorSize, startsOf(partitions)),
		hybrid,
		gpt: table,
		warnings: [...warnings, ...read.warnings, ...bounds],
	};
}

async function mbrDisk(source: ByteSource, sectorSize: SectorSize, sector: Uint8Array): Promise<DiskLayout> {
	const reading = await readMbr(source, sector, sectorSize);
	const { partitions, warnings } = boundPartitions(reading.partitions, source.size);
	return {
		table: 'mbr',
		sectorSize,
		size: source.size,
		id: mbrSignature(sector),
		partitions,
		extended: reading.extended,
		track0Length: track0Length(source.size, sectorSize, [...startsOf(partitions), ...startsOf(reading.extended)]),
		hybrid: false,
		warnings: [...reading.warnings, ...warnings],
	};
}

/** No partition in sector 0: a GPT whose protective MBR is gone, or a file system without a table, or nothing. */
async function tablelessDisk(
	source: ByteSource,
	sectorSize: SectorSize,
	sector: Uint8Array,
	kind: 'none' | 'empty',
): Promise<DiskLayout> {
	const reading = await readGpt(source, sectorSize);
	if (reading.from === 'primary') {
		const layout = await gptDisk(source, sectorSize, sector, false);
		const message = 'Sector 0 holds no protective MBR though a GUID partition table follows it';
		const advice = 'Windows and Linux do not see its partitions. `sgdisk --move-second-header DISK` writes one.';
		return { ...layout, warnings: [{ message, advice }, ...layout.warnings] };
	}
	const warnings = await otherSectorSize(source, sectorSize);
	if (reading.from === 'backup') {
		warnings.push({
			message: 'A backup GUID partition table ends the disk, but nothing at its start says that it is in use',
			advice: 'If the disk should have partitions, gdisk can load the backup (recovery menu).',
		});
	}
	const layout = bareDisk(source, sectorSize, warnings);
	return kind === 'empty' ? { ...layout, id: mbrSignature(sector) } : layout;
}

function bareDisk(
	source: ByteSource,
	sectorSize: SectorSize,
	warnings: readonly LayoutWarning[],
	wholeReason?: string,
): DiskLayout {
	const sectors = sectorsOf(source, sectorSize);
	const whole: Partition = {
		number: 1,
		start: 0,
		length: source.size,
		typeId: '',
		typeName: 'Whole disk',
		name: '',
		guid: '',
		attributes: 0n,
		active: false,
		required: false,
		hidden: false,
		readOnly: false,
		entry: {
			status: 0,
			startHead: 0,
			startCylinder: 0,
			type: 0,
			endHead: 0,
			endCylinder: 0,
			bootSector: 0,
			numSectors: Math.min(sectors, 0xffff_ffff),
			active: false,
			kind: 'primary',
		},
		...(wholeReason === undefined ? {} : { wholeReason }),
	};
	return {
		table: 'none',
		sectorSize,
		size: source.size,
		id: '',
		partitions: source.size === 0 ? [] : [whole],
		extended: [],
		track0Length: track0Length(source.size, sectorSize, [0]),
		hybrid: false,
		warnings,
	};
}

async function otherSectorSize(source: ByteSource, sectorSize: SectorSize): Promise<LayoutWarning[]> {
	const other = sectorSize === 512 ? 4096 : 512;
	if (source.size < 2 * other || !hasGptSignature(await readBytes(source, other, 8))) return [];
	return [
		{
			message: `A GPT header stands at byte ${other}: the disk was partitioned with sectors of ${other} bytes, it is read with ${sectorSize}`,
			advice: `Read it through a device with sectors of ${other} bytes.`,
		},
	];
}

function sectorsOf(source: ByteSource, sectorSize: number): number {
	return Math.floor(source.size / sectorSize);
}

function startsOf(ranges: readonly { readonly start: number }[]): number[] {
	return ranges.map(({ start }) => start);
}
