import type { PlannedWrite } from '../../../disk/partition-table/planned-write.ts';
import { targetTooSmall } from '../../../disk/partition-table/target-too-small.ts';
import type { ManifestDisk } from '../../../image/manifest.ts';
import type { NewIds } from './new-ids.ts';

export interface TableOptions {
	/** Bytes of the target. */
	readonly targetSize: number;
	/** Undefined = those of the source. */
	readonly newIds: NewIds | undefined;
	/** Where the only partitions to have in the table begin, bytes on the disk; undefined = all that fit. */
	readonly only: readonly number[] | undefined;
	/** Where the partition begins that takes the free space behind it, a byte on the disk; undefined = none grows. */
	readonly grow: number | undefined;
}

export interface TablePlan {
	readonly kind: 'gpt' | 'mbr' | 'none';
	/** What surrounds the partition table, and then the table itself, in write order; nothing of it lies in a partition. */
	readonly writes: readonly PlannedWrite[];
	/** Ranges to empty before the first data are written, so that no older table points at half a restore. */
	readonly invalidate: readonly { readonly offset: number; readonly length: number }[];
	/** Every partition of the table, imaged or not. */
	readonly partitions: readonly TablePartition[];
	/** Id of the restored disk. */
	readonly diskId: string;
	readonly warnings: readonly string[];
	/** What is otherwise than on the imaged disk, as it was asked for. */
	readonly notes: readonly string[];
}

export interface TablePartition {
	/** As Linux numbers it. */
	readonly number: number;
	/** Byte on the disk. */
	readonly start: number;
	readonly length: number;
}

/**
 * The partitions of the source's table that the target's has: those that are wanted, or all that are in the image and
 * whatever else fits.
 * @param room bytes of the target that partitions may take
 */
export function keepPartitions<P extends TablePartition>(
	all: readonly P[],
	disk: ManifestDisk,
	only: readonly number[] | undefined,
	room: number,
): { readonly kept: readonly P[]; readonly warnings: readonly string[] } {
	const imaged = new Set(disk.partitions.map((partition) => partition._geometry.start));
	const kept = all.filter((partition) =>
		only === undefined
			? imaged.has(partition.start) || partition.start + partition.length <= room
			: only.includes(partition.start),
	);
	const dropped = only === undefined ? all.filter((partition) => !kept.includes(partition)) : [];
	const warnings = dropped.map(
		({ number }) => `Partition ${number} is not in the image and does not fit; the target does without it`,
	);
	return { kept, warnings };
}

/** Where the first partition begins, at most `limit`. */
export function firstStart(disk: ManifestDisk, others: readonly { readonly start: number }[], limit: number): number {
	const starts = [
		...disk.partitions.map((partition) => partition._geometry.start),
		...others.map(({ start }) => start),
	];
	return Math.min(limit, ...starts);
}

/** Writes the source's bytes `from` to `to`, exclusive. */
export function between(track0: Uint8Array, from: number, to: number): PlannedWrite[] {
	return to > from ? [{ offset: from, data: track0.subarray(from, to) }] : [];
}

/** Byte of the disk behind the write. */
export function endOf({ offset, data }: PlannedWrite): number {
	return offset + data.length;
}

/** @throws AfterimageError `target-too-small` */
export function checkSize(needed: number, found: number): void {
	if (found < needed) throw targetTooSmall(needed, found);
}
