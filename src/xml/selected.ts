import type { SourceDisk, SourcePartition } from '../definition/model.ts';
import { findDisk, type LiveDisk, type LivePartition } from './live-facts.ts';

/** How much a definition selects of what is attached now, in bytes. */
export interface Selected {
	readonly partitions: number;
	/** Sum of their lengths. */
	readonly length: number;
	/** What is stored of them: used clusters where they are known. */
	readonly used: number;
	/** Signatures of disks that are not attached. */
	readonly missing: readonly string[];
}

export function selectedBytes(sources: readonly SourceDisk[], disks: readonly LiveDisk[]): Selected {
	const missing: string[] = [];
	const found: LivePartition[] = [];
	for (const { signature, partitions } of sources) {
		const disk = findDisk(disks, signature);
		if (disk === undefined) missing.push(signature);
		else found.push(...selectedOf(disk, partitions));
	}
	const length = found.reduce((sum, one) => sum + one.length, 0);
	const used = found.reduce((sum, one) => sum + (one.used ?? one.length), 0);
	return { partitions: found.length, length, used, missing };
}

function selectedOf(disk: LiveDisk, partitions: readonly SourcePartition[]): readonly LivePartition[] {
	if (partitions.length === 0) return disk.partitions;
	return disk.partitions.filter((one) => partitions.some((wanted) => isMeant(one, wanted)));
}

/** The number tells which partition is meant; the offset, where it is given, whether it still is. */
export function isMeant(partition: LivePartition, wanted: SourcePartition): boolean {
	return partition.number === wanted.number && (wanted.offset === undefined || wanted.offset === partition.start);
}
