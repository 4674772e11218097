import type { DiskInfo, PartitionInfo } from '../../../src/protocol/disks.ts';
import { t } from '../l10n.ts';

export interface MapSegment {
	/** What `pick` hands over. */
	readonly key: string;
	readonly kind: 'partition' | 'free';
	readonly title: string;
	/** Where there is no room for the title: the number of the partition. */
	readonly short: string;
	readonly detail: string;
	/** Bytes. */
	readonly length: number;
	/** Bytes in use; undefined where that is not known or everything counts. */
	readonly used: number | undefined;
	readonly selected: boolean;
	/** `danger`: what lies there will be overwritten. */
	readonly tone?: 'danger' | undefined;
}

/** Share of the disk from which on a gap between partitions is worth a block of its own. */
const visibleGap = 0.005;

/** The partitions of a disk in their order on it, with the free space between them. */
export function diskSegments(
	disk: Pick<DiskInfo, 'size' | 'partitions'>,
	partitionSegment: (partition: PartitionInfo) => MapSegment,
): readonly MapSegment[] {
	const segments: MapSegment[] = [];
	let at = 0;
	const gap = (until: number) => {
		if (until - at > disk.size * visibleGap) segments.push(freeSegment(at, until - at));
	};
	for (const partition of [...disk.partitions].sort((a, b) => a.start - b.start)) {
		gap(partition.start);
		segments.push(partitionSegment(partition));
		at = Math.max(at, partition.start + partition.length);
	}
	gap(disk.size);
	return segments;
}

function freeSegment(start: number, length: number): MapSegment {
	return {
		key: `free-${start}`,
		kind: 'free',
		title: t('Free'),
		short: '',
		detail: '',
		length,
		used: undefined,
		selected: false,
	};
}
