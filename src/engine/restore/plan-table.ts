import { MemoryBytes } from '../../base/bytes.ts';
import { AfterimageError, isAfterimageError } from '../../base/errors.ts';
import { formatBytes } from '../../base/quantity.ts';
import { gptPartitions } from '../../disk/gpt/partitions.ts';
import { gptArraySectors, rebuildGpt, type PlannedWrite } from '../../disk/gpt/rebuild.ts';
import { readGptTable, type GptTable } from '../../disk/gpt/table.ts';
import { readMbr, withMbrSignature } from '../../disk/mbr/read.ts';
import { MbrEntry, mbrEntryCount } from '../../disk/mbr/structures.ts';
import type { ManifestDisk } from '../../image/manifest.ts';
import type { DiskMetadata } from '../../image/reader.ts';

export interface TableOptions {
	/** Bytes of the target. */
	readonly targetSize: number;
	/** GPT disk GUID, or 8 hex digits for an MBR; undefined = the source's. */
	readonly newDiskId: string | undefined;
	/** Where the only partitions to have in the table begin, bytes on the disk; undefined = all that fit. */
	readonly only: readonly number[] | undefined;
}

export interface TablePlan {
	/** What surrounds the partition table, and then the table itself, in write order; nothing of it lies in a partition. */
	readonly writes: readonly PlannedWrite[];
	/** Ranges to empty before the first data are written, so that no older table points at half a restore. */
	readonly invalidate: readonly { readonly offset: number; readonly length: number }[];
	/** Every partition of the table, imaged or not. */
	readonly partitions: readonly { readonly number: number; readonly start: number; readonly length: number }[];
	/** Id of the restored disk. */
	readonly diskId: string;
	readonly warnings: readonly string[];
}

/**
 * Plans boot sectors and partition table of a restored disk. Pure.
 * @throws AfterimageError `target-too-small` with the size that is needed
 */
export async function planTable(disk: ManifestDisk, metadata: DiskMetadata, options: TableOptions): Promise<TablePlan> {
	checkSize(endOfPartitions(disk, options.only), options.targetSize);
	switch (disk._header.disk_format) {
		case 'gpt':
			return gptPlan(disk, metadata, options);
		case 'mbr':
			return mbrPlan(disk, metadata, options);
		default:
			return barePlan(disk, metadata);
	}
}

async function gptPlan(disk: ManifestDisk, { track0 }: DiskMetadata, options: TableOptions): Promise<TablePlan> {
	const sectorSize = disk._geometry.bytes_per_sector;
	let table: GptTable;
	try {
		table = await readGptTable(new MemoryBytes(track0), sectorSize, 1);
	} catch (error) {
		if (!isAfterimageError(error)) throw error;
		const plan = barePlan(disk, { track0, ept: [] });
		return { ...plan, warnings: [`The image's partition table is damaged and is restored as it is. ${error.message}`] };
	}
	const all = gptPartitions(table).partitions;
	const imaged = new Set(disk.partitions.map((partition) => partition._geometry.start));
	const room = Math.floor(options.targetSize / sectorSize) * sectorSize - (gptArraySectors(table) + 1) * sectorSize;
	const kept = all.filter((partition) =>
		options.only === undefined
			? imaged.has(partition.start) || partition.start + partition.length <= room
			: options.only.includes(partition.start),
	);
	const keep = kept.length === all.length ? {} : { keep: kept.map((partition) => partition.number) };
	const id = options.newDiskId === undefined ? {} : { diskGuid: options.newDiskId };
	const tableWrites = rebuildGpt(table, track0.subarray(0, sectorSize), options.targetSize, { ...keep, ...id });
	const first = firstStart(disk, kept, track0.length);
	const headEnd = Math.max(2 * sectorSize, ...tableWrites.filter(({ offset }) => offset < first).map(endOf));
	const tail = gptArraySectors(table) * sectorSize + sectorSize;
	return {
		writes: [...between(track0, Math.min(headEnd, first), first), ...tableWrites],
		invalidate: [
			{ offset: 0, length: Math.min(headEnd, first) },
			{ offset: Math.floor(options.targetSize / sectorSize) * sectorSize - tail, length: tail },
		],
		partitions: kept,
		diskId: options.newDiskId ?? table.diskGuid,
		warnings: all
			.filter((partition) => !kept.includes(partition) && options.only === undefined)
			.map(
				(partition) => `Partition ${partition.number} is not in the image and does not fit; the target does without it`,
			),
	};
}

async function mbrPlan(disk: ManifestDisk, { track0, ept }: DiskMetadata, options: TableOptions): Promise<TablePlan> {
	const sectorSize = disk._geometry.bytes_per_sector === 4096 ? 4096 : 512;
	const own = track0.slice(0, sectorSize);
	const reading = await readMbr(memoryDisk(track0, ept, disk._geometry.disk_size), own, sectorSize);
	const kept = reading.partitions.filter((partition) => options.only?.includes(partition.start) ?? true);
	if (options.only === undefined) checkSize(Math.max(0, ...reading.partitions.map(endOfRange)), options.targetSize);
	const sector = options.newDiskId === undefined ? own : withMbrSignature(own, options.newDiskId);
	for (let i = 0; i < mbrEntryCount && options.only !== undefined; i++) {
		// Extended partitions stay: the wanted one may be in theirs.
		const dropped = reading.partitions.find((partition) => partition.number === i + 1);
		if (dropped !== undefined && !kept.includes(dropped))
			sector.fill(0, 0x1be + i * MbrEntry.size, 0x1be + (i + 1) * MbrEntry.size);
	}
	const first = firstStart(disk, [...kept, ...reading.extended], track0.length);
	const chain = ept.map(({ sector: data, diskOffset }) => ({ offset: diskOffset, data }));
	return {
		writes: [...between(track0, Math.min(sectorSize, first), first), ...chain, { offset: 0, data: sector }],
		invalidate: [{ offset: 0, length: Math.min(sectorSize, first) }],
		partitions: reading.partitions,
		diskId: options.newDiskId ?? disk._header.disk_signature,
		warnings: [],
	};
}

/** No table that is known: what stands before the first partition is restored as it is. */
function barePlan(disk: ManifestDisk, { track0 }: DiskMetadata): TablePlan {
	const first = firstStart(disk, [], track0.length);
	return {
		writes: between(track0, 0, first),
		invalidate: [],
		partitions: [],
		diskId: disk._header.disk_signature,
		warnings: [],
	};
}

/** Where the first partition begins, at most `limit`. */
function firstStart(disk: ManifestDisk, others: readonly { readonly start: number }[], limit: number): number {
	const starts = [
		...disk.partitions.map((partition) => partition._geometry.start),
		...others.map(({ start }) => start),
	];
	return Math.min(limit, ...starts);
}

function between(track0: Uint8Array, from: number, to: number): PlannedWrite[] {
	return to > from ? [{ offset: from, data: track0.subarray(from, to) }] : [];
}

function endOf({ offset, data }: PlannedWrite): number {
	return offset + data.length;
}

function endOfRange({ start, length }: { readonly start: number; readonly length: number }): number {
	return start + length;
}

function endOfPartitions(disk: ManifestDisk, only: readonly number[] | undefined): number {
	const wanted = disk.partitions.filter((partition) => only?.includes(partition._geometry.start) ?? true);
	return Math.max(0, ...wanted.map((partition) => partition._geometry.start + partition._geometry.length));
}

/** @throws AfterimageError `target-too-small` */
export function checkSize(needed: number, found: number): void {
	if (found >= needed) return;
	throw new AfterimageError(
		'target-too-small',
		`The target has ${found} bytes (${formatBytes(found)}); ${needed} bytes (${formatBytes(needed)}) are needed`,
		{ advice: 'Choose a target of at least that size.', details: { needed, found } },
	);
}

/** The sectors that an image keeps of a disk, as a disk; everything else reads as zeros. */
function memoryDisk(track0: Uint8Array, ept: DiskMetadata['ept'], size: number) {
	return {
		size,
		async read(offset: number, target: Uint8Array): Promise<void> {
			target.fill(0);
			const pieces = [{ diskOffset: 0, sector: track0 }, ...ept];
			for (const { diskOffset, sector } of pieces) {
				const from = Math.max(offset, diskOffset);
				const to = Math.min(offset + target.length, diskOffset + sector.length);
				if (to > from) target.set(sector.subarray(from - diskOffset, to - diskOffset), from - offset);
			}
		},
	};
}
