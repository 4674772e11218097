import { AfterimageError } from '../../../base/errors.ts';
import { formatBytes } from '../../../base/quantity.ts';
import type { DiskLayout, Partition } from '../../../disk/partition-table/layout.ts';

/**
 * The partition of a target's own table that is to take `needed` bytes.
 * @param path of the target, for messages
 * @throws AfterimageError `invalid-argument` when there is no such partition, or it is extended, or shares bytes with something
 * else; `target-too-small` with the size that is needed; `not-supported` for sectors of another size
 */
export function targetPartition(
	layout: DiskLayout,
	path: string,
	number: number,
	needed: number,
	sectorSize: number,
): Partition {
	if (layout.table === 'none') {
		throw refused(`${path} has no partition table, and no partition ${number} in one`, {
			advice: 'Partition it first, or restore to all of it with --into volume.',
		});
	}
	const extended = layout.extended.find((one) => one.number === number);
	if (extended !== undefined) {
		throw refused(`Partition ${number} of ${path} is extended: it only holds other partitions`, {
			advice: `Name one of those: ${numbersOf(layout) || 'there are none'}.`,
		});
	}
	const partition = layout.partitions.find((one) => one.number === number);
	if (partition === undefined) {
		throw refused(`${path} has no partition ${number}; it has ${numbersOf(layout) || 'none'}`, {
			details: { target: path, partition: number },
		});
	}
	expectAlone(layout, path, partition);
	if (layout.sectorSize !== sectorSize) {
		throw new AfterimageError(
			'not-supported',
			`${path} is partitioned in sectors of ${layout.sectorSize} bytes, the imaged disk has ${sectorSize}`,
			{ advice: `Restore to a disk with sectors of ${sectorSize} bytes.`, details: { target: path } },
		);
	}
	if (partition.length < needed) {
		const found = partition.length;
		throw new AfterimageError(
			'target-too-small',
			`Partition ${number} of ${path} has ${found} bytes (${formatBytes(found)}); ${needed} bytes (${formatBytes(needed)}) are needed`,
			{ advice: 'Name a partition of at least that size.', details: { needed, found } },
		);
	}
	return partition;
}

/** @throws AfterimageError `invalid-argument` when a partition of a target's own table shares bytes with something else */
export function expectAlone(layout: DiskLayout, path: string, partition: Partition): void {
	const other = sharing(layout, partition);
	if (other === undefined) return;
	throw refused(`Partition ${partition.number} of ${path} shares bytes with ${other}, which would be overwritten`, {
		advice: 'Put the partition table in order first.',
	});
}

function numbersOf({ partitions }: DiskLayout): string {
	return partitions.map(({ number }) => number).join(', ');
}

/** What a table that contradicts itself, or is hostile, has in the same place. */
function sharing(
	{ partitions, extended, sectorSize, size, gpt }: DiskLayout,
	partition: Partition,
): string | undefined {
	const end = partition.start + partition.length;
	const touches = (start: number, length: number) => start < end && partition.start < start + length;
	const other = partitions.find((one) => one !== partition && touches(one.start, one.length));
	if (other !== undefined) return `partition ${other.number}`;
	const records = extended.flatMap((one) => one.records);
	if (records.some(({ offset }) => touches(offset, sectorSize))) return 'the record of a logical partition';
	if (touches(0, sectorSize)) return 'the partition table';
	if (gpt === undefined) return undefined;
	const first = gpt.firstUsableLba * sectorSize;
	const last = (gpt.lastUsableLba + 1) * sectorSize;
	return touches(0, first) || touches(last, size - last) ? 'the partition table' : undefined;
}

function refused(
	message: string,
	more: { readonly advice?: string; readonly details?: Record<string, string | number> },
) {
	return new AfterimageError('invalid-argument', message, more);
}
