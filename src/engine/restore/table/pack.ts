import { AfterimageError } from '../../../base/errors.ts';
import type { TablePartition } from './table-plan.ts';

/** What partitioning tools begin and end partitions at, so that they suit the blocks of every medium. */
export const alignment = 1024 * 1024;

/** What keeps together where partitions move: one, or a logical one with the record before it. Bytes of the imaged disk. */
export interface Unit {
	readonly start: number;
	/** The partition in it, which ends it; undefined for a record that describes none. */
	readonly partition: TablePartition | undefined;
	/** Exclusive. */
	readonly end: number;
}

/** A unit with its place on the target. */
export interface PackedUnit {
	readonly unit: Unit;
	/** Bytes of the target; `end` is exclusive. */
	readonly start: number;
	readonly end: number;
	/** The partition in its place, by its old number. */
	readonly partition: TablePartition | undefined;
}

/**
 * Gives partitions their lengths, and moves what lies behind the first of them down to the next whole MiB. What lies before it
 * stays where it is.
 * @param lengths new ones by the first byte of a partition, none longer than it was
 * @throws AfterimageError `not-supported` where partitions share bytes
 */
export function pack(units: readonly Unit[], lengths: ReadonlyMap<number, number>): PackedUnit[] {
	const sorted = units.toSorted((a, b) => a.start - b.start);
	let moving = false;
	let before: PackedUnit | undefined;
	return sorted.map((unit) => {
		if (before !== undefined && unit.start < before.unit.end) throw sharing();
		const { partition } = unit;
		// What is aligned is the partition, not the record before it, which may stand far from it where others are left out.
		const all = (partition?.start ?? unit.start) - unit.start;
		const lead = moving ? Math.min(all, alignment) : all;
		const next = Math.ceil(((before?.end ?? 0) + lead) / alignment) * alignment - lead;
		const start = moving ? Math.min(unit.start + all - lead, next) : unit.start;
		const length = partition && (lengths.get(partition.start) ?? partition.length);
		const placed = partition && { number: partition.number, start: start + lead, length: length! };
		moving ||= partition !== undefined && lengths.has(partition.start);
		before = { unit, start, end: start + lead + (length ?? unit.end - unit.start), partition: placed };
		return before;
	});
}

function sharing(): AfterimageError {
	return new AfterimageError(
		'not-supported',
		'Partitions of the imaged disk share bytes, so that none of them can get a place of its own',
		{ advice: 'Restore without --shrink, to a target that is large enough.' },
	);
}
