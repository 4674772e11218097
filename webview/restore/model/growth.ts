import type { ImagePartitionInfo } from '../../../src/protocol/backups.ts';
import type { Source, Target } from './target.ts';

/** A partition of the image that can take what is free behind it on the target. */
export interface Growth {
	readonly partition: ImagePartitionInfo;
	/** Bytes that it has then. */
	readonly length: number;
}

/** Partitions begin and end at multiples of it. */
const alignment = 1024 * 1024;

/** The number of a sector has 32 bits in an MBR. */
const mbrSectors = 2 ** 32;

/**
 * Partitions of a whole disk that can grow on a larger target. The extended partition grows with the last of its logical
 * ones. The engine has the last word.
 */
export function growths({ disk, partitions }: Source, target: Target): readonly Growth[] {
	if (partitions !== undefined || disk.table === 'none') return [];
	if (target.kind === 'new-file' || target.disk.size <= disk.size) return [];
	const room = target.disk.size - disk.backupTableSize;
	const end = disk.table === 'mbr' ? Math.min(room, mbrSectors * disk.sectorSize) : room;
	return disk.partitions.flatMap((partition) => {
		const next = disk.partitions.filter(({ start }) => start > partition.start);
		const limit = Math.min(
			end,
			...next.map((one) => (disk.table === 'mbr' && isLogical(one) ? before(one) : one.start)),
		);
		const length = Math.floor(limit / alignment) * alignment - partition.start;
		return length > partition.length ? [{ partition, length }] : [];
	});
}

function isLogical({ number }: ImagePartitionInfo): boolean {
	return number > 4;
}

/** About where the record of a logical partition stands, that of the first at the beginning of the extended one. */
function before({ start }: ImagePartitionInfo): number {
	return start - alignment;
}
