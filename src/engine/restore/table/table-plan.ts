import type { PlannedWrite } from '../../../disk/partition-table/planned-write.ts';
import { targetTooSmall } from '../../../disk/partition-table/target-too-small.ts';
import type { ManifestDisk } from '../../../image/manifest.ts';
import type { NewIds } from './new-ids.ts';
import type { PackedUnit } from './pack.ts';

export interface TableOptions {
	/** Bytes of the target. */
	readonly targetSize: number;
	/** Undefined = those of the source. */
	readonly newIds: NewIds | undefined;
	/** Where the only partitions to have in the table begin, bytes on the disk; undefined = all that fit. */
	readonly only: readonly number[] | undefined;
	/** Where the partition begins that takes the free space behind it, a byte on the disk; undefined = none grows. */
	readonly grow: number | undefined;
	/**
	 * Lengths of partitions that become smaller, by their first byte on the disk: what lies behind the first of them moves down.
	 * Undefined = all keep their places.
	 */
	readonly shrink?: ReadonlyMap<number, number> | undefined;
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
	/** Undefined where all partitions keep their places. */
	readonly packing?: Packing;
}

/** Where partitions go of which some become smaller. */
export interface Packing {
	/** By the first byte that each had on the imaged disk. */
	readonly places: ReadonlyMap<number, TablePartition>;
	/** Bytes that a target has to have. */
	readonly needed: number;
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

/**
 * As {@link keepPartitions} where partitions move: what the image does not hold has no place behind the first that becomes smaller.
 * @param shrink see {@link TableOptions.shrink}
 */
export function keepPacked<P extends TablePartition>(
	all: readonly P[],
	disk: ManifestDisk,
	{ only }: TableOptions,
	shrink: ReadonlyMap<number, number>,
): { readonly kept: readonly P[]; readonly warnings: readonly string[] } {
	const imaged = new Set(disk.partitions.map((partition) => partition._geometry.start));
	const first = Math.min(...shrink.keys());
	const kept = all.filter(({ start, length }) =>
		only === undefined ? imaged.has(start) || start + length <= first : only.includes(start),
	);
	const dropped = only === undefined ? all.filter((partition) => !kept.includes(partition)) : [];
	const warnings = dropped.map(
		({ number }) =>
			`Partition ${number} is not in the image and lies behind what becomes smaller; the target does without it`,
	);
	return { kept, warnings };
}

/** @param packed partitions in their places, by what they were @param tail bytes that the table takes behind them */
export function packingOf(packed: readonly PackedUnit[], tail: number): Packing {
	const places = new Map<number, TablePartition>();
	for (const { unit, partition } of packed)
		if (unit.partition && partition) places.set(unit.partition.start, partition);
	return { places, needed: Math.max(0, ...packed.map(({ end }) => end)) + tail };
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
