import { crc32 } from 'node:zlib';
import { damaged } from '../../../base/errors.ts';
import { guidToBytes } from '../../../base/guid.ts';
import type { Partition } from '../layout.ts';
import { checkProtective, protectiveMbr } from '../mbr/protective.ts';
import { mbrKind } from '../mbr/read.ts';
import type { PlannedWrite } from '../planned-write.ts';
import { targetTooSmall } from '../target-too-small.ts';
import { gptPartitions } from './partitions.ts';
import { GptEntry, GptHeader, gptSignature } from './structures.ts';
import { headerCrc, type GptTable } from './table.ts';

export interface RebuildOptions {
	/** Disk GUID to give instead of the table's own. */
	readonly diskGuid?: string;
	/** Partition numbers to keep; the other entries are emptied. All are kept when it is left out. */
	readonly keep?: readonly number[];
	/** Makes the GUID of each kept partition, instead of the table's own. */
	readonly partitionGuid?: () => string;
}

/**
 * Plans a GUID partition table for a disk of another size: both copies, with the backup at the disk's end, and the
 * MBR. Boot code in the MBR stays; a protective MBR of the target's size stays as it is, and so does a hybrid one unless
 * partitions are dropped.
 * To be written in the order given: array before header, backup before primary, the MBR last.
 * @param table the source's table; from an image `readGptTable` of its `$TRACK0`
 * @param mbr first sector of the source
 * @param targetSize bytes
 * @throws AfterimageError `target-too-small` when a kept partition does not fit; `details.needed` is the size in bytes that would do
 * @throws AfterimageError `structure-damaged` when the entry array would overwrite a kept partition
 */
export function rebuildGpt(
	table: GptTable,
	mbr: Uint8Array,
	targetSize: number,
	options: RebuildOptions = {},
): PlannedWrite[] {
	const { sectorSize } = table;
	const arraySectors = gptArraySectors(table);
	const end = lastUsedLba(table, options.keep);
	const needed = (end + 1 + arraySectors + 1) * sectorSize;
	const sectors = Math.floor(targetSize / sectorSize);
	if (sectors * sectorSize < needed) throw targetTooSmall(needed, targetSize);
	const arrayEnd = primaryArrayOf(table) + arraySectors;
	const first = firstUsedLba(table, options.keep);
	if (arrayEnd > first) {
		const at = first * sectorSize;
		throw damaged('structure-damaged', 'GPT: first partition', at, `at or behind sector ${arrayEnd}`, first);
	}
	return planGpt(table, mbr, sectors, options);
}

/** As `rebuildGpt`, for a disk that is known to be large enough. */
export function planGpt(
	table: GptTable,
	mbr: Uint8Array,
	sectors: number,
	options: RebuildOptions = {},
): PlannedWrite[] {
	const { sectorSize } = table;
	const entries = keptEntries(table, options);
	const lastLba = sectors - 1;
	const backupArrayLba = lastLba - gptArraySectors(table);
	const primaryArrayLba = primaryArrayOf(table);
	const header = (myLba: number, alternateLba: number, entryLba: number) => {
		const sector = new Uint8Array(sectorSize);
		const fields = new GptHeader(sector);
		fields.signature = gptSignature;
		fields.revision = table.revision;
		fields.headerSize = GptHeader.size;
		fields.myLba = myLba;
		fields.alternateLba = alternateLba;
		fields.firstUsableLba = table.firstUsableLba;
		fields.lastUsableLba = backupArrayLba - 1;
		fields.diskGuid = guidToBytes(options.diskGuid ?? table.diskGuid);
		fields.entryLba = entryLba;
		fields.entryCount = table.entryCount;
		fields.entrySize = table.entrySize;
		fields.entriesCrc = crc32(entries);
		fields.headerCrc = headerCrc(sector, GptHeader.size);
		return sector;
	};
	const keepMbr = keepsMbr(mbr, sectors, options);
	return [
		{ offset: backupArrayLba * sectorSize, data: entries },
		{ offset: lastLba * sectorSize, data: header(lastLba, 1, backupArrayLba) },
		{ offset: primaryArrayLba * sectorSize, data: entries },
		{ offset: sectorSize, data: header(1, lastLba, primaryArrayLba) },
		{ offset: 0, data: keepMbr ? mbr : protectiveMbr(mbr, sectors) },
	];
}

/** A record that is right for the target stays bit for bit: a hybrid one with all its partitions, a protective one of this size. */
function keepsMbr(mbr: Uint8Array, sectors: number, options: RebuildOptions): boolean {
	const kind = mbrKind(mbr);
	if (kind === 'hybrid') return options.keep === undefined;
	return kind === 'protective' && checkProtective(mbr, sectors).length === 0;
}

/** Sectors that each copy of the entry array takes. */
export function gptArraySectors(table: GptTable): number {
	return Math.ceil((table.entryCount * table.entrySize) / table.sectorSize);
}

/** Where the primary array may stand without touching a partition: at its own place, else at the usual one. */
function primaryArrayOf(table: GptTable): number {
	const ownPlace = table.myLba === 1 && table.entryLba + gptArraySectors(table) <= table.firstUsableLba;
	return ownPlace && table.entryLba * table.sectorSize < 1024 * 1024 ? table.entryLba : 2;
}

function keptEntries(table: GptTable, { keep, partitionGuid }: RebuildOptions): Uint8Array {
	const entries = table.entries.slice();
	for (let i = 0; keep !== undefined && i < table.entryCount; i++) {
		if (!keep.includes(i + 1)) entries.fill(0, i * table.entrySize, (i + 1) * table.entrySize);
	}
	if (partitionGuid === undefined) return entries;
	for (const { number } of keptPartitions(table, keep)) {
		new GptEntry(entries, (number - 1) * table.entrySize).partitionGuid = guidToBytes(partitionGuid());
	}
	return entries;
}

/** Last sector that a kept partition takes; at least the first usable one, so that an empty table has room too. */
function lastUsedLba(table: GptTable, keep: readonly number[] | undefined): number {
	return keptPartitions(table, keep).reduce(
		(last, { start, length }) => Math.max(last, (start + length) / table.sectorSize - 1),
		table.firstUsableLba,
	);
}

function firstUsedLba(table: GptTable, keep: readonly number[] | undefined): number {
	return keptPartitions(table, keep).reduce((first, { start }) => Math.min(first, start / table.sectorSize), Infinity);
}

function keptPartitions(table: GptTable, keep: readonly number[] | undefined): Partition[] {
	return gptPartitions(table).partitions.filter(({ number }) => keep?.includes(number) ?? true);
}
