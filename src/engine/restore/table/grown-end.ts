import { AfterimageError } from '../../../base/errors.ts';
import { formatBytes } from '../../../base/quantity.ts';
import type { TablePartition } from './table-plan.ts';

/** What partitioning tools begin and end partitions at, so that they suit the blocks of every medium. */
const alignment = 1024 * 1024;

/** What ends the free space behind a partition. */
export interface Limit {
	/** Byte of the disk. */
	readonly at: number;
	/** For messages, such as `partition 3`. */
	readonly what: string;
}

/**
 * Where a partition ends that takes the free space behind it, a multiple of 1 MiB.
 * @param limits in any order; those before the partition count nothing
 * @throws AfterimageError `invalid-argument` when nothing is free there
 */
export function grownEnd({ number, start, length }: TablePartition, limits: readonly Limit[]): number {
	const first = limits
		.filter(({ at }) => at > start)
		.reduce<Limit>((nearest, limit) => (limit.at < nearest.at ? limit : nearest), { at: Infinity, what: '' });
	const end = Math.floor(first.at / alignment) * alignment;
	if (end > start + length) return end;
	const free = Math.max(0, first.at - start - length);
	const behind = free === 0 ? `${first.what} is right behind it` : `${formatBytes(free)} are free before ${first.what}`;
	throw new AfterimageError('invalid-argument', `Partition ${number} cannot grow: ${behind}`, {
		advice: 'Only what is free right behind a partition is taken. Restore without --grow, or to a larger target.',
		details: { partition: number, free },
	});
}

/** @param why a sentence without its end */
export function noGrowth(why: string): AfterimageError {
	return new AfterimageError('invalid-argument', `${why}, so that no partition can grow`, {
		advice: 'Restore it without --grow; partitioning tools can grow a partition later.',
	});
}
