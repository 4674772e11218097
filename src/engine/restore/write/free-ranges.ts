import type { PartitionLoad } from '../../load/load-plan.ts';
import type { ShrunkPartition } from '../restore-plan.ts';
import type { TablePartition } from '../table/table-plan.ts';

/** A byte range of the disk; `end` is exclusive. */
export interface DiskRange {
	readonly start: number;
	readonly end: number;
}

/**
 * The ranges of the restored partitions in which the image holds nothing, ascending within a partition. A generator:
 * a fragmented partition has millions.
 */
export function* freeRanges(load: PartitionLoad): Generator<DiskRange> {
	const { layout, index } = load.resolved;
	let from = layout.blockStart;
	const end = layout.blockStart + layout.blockLength;
	for (let block = index.next(0); block < index.count; block = index.next(block + 1)) {
		const start = layout.blockStart + block * layout.blockSize;
		if (start > from) yield { start: from, end: start };
		from = Math.min(end, start + layout.blockSize);
	}
	if (from < end) yield { start: from, end };
}

/** The ranges of the target in which a partition that was made smaller holds nothing; none as long as it is only planned. */
export function* freeOfCopy({ start, length, copy }: ShrunkPartition): Generator<DiskRange> {
	if (copy === undefined) return;
	const { used } = copy;
	let from = 0;
	for (let block = used.next(0); block < used.count; block = used.next(block + 1)) {
		const at = block * used.blockSize;
		if (at > from) yield { start: start + from, end: start + at };
		from = Math.min(length, at + used.blockSize);
	}
	if (from < length) yield { start: start + from, end: start + length };
}

/** What lies outside of all partitions of a disk of `size` bytes, ascending. @param partitions in any order */
export function gapRanges(partitions: readonly Omit<TablePartition, 'number'>[], size: number): DiskRange[] {
	const gaps: DiskRange[] = [];
	let from = 0;
	for (const { start, length } of partitions.toSorted((a, b) => a.start - b.start)) {
		const end = Math.min(start, size);
		if (end > from) gaps.push({ start: from, end });
		from = Math.max(from, start + length);
	}
	if (from < size) gaps.push({ start: from, end: size });
	return gaps;
}
