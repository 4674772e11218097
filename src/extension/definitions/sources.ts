import { AfterimageError } from '../../base/errors.ts';
import type { Sources, SourcePartition } from '../../definition/model.ts';
import type { DiskInfo, PartitionInfo } from '../../protocol/disks.ts';
import { t } from '../l10n.ts';

/** What is chosen to be imaged: a disk and some of its partitions. */
export interface DiskSelection {
	readonly disk: DiskInfo;
	readonly partitions: readonly PartitionInfo[];
}

/**
 * The sources of a definition that images these. A disk with all its partitions is named alone, so that one that is added
 * later is imaged too; partitions otherwise by number and place.
 * @param explicit name the partitions also where they are all that there are
 * @throws AfterimageError `not-supported` for a disk that nothing identifies
 */
export function sourcesOf(selections: readonly DiskSelection[], explicit = false): Sources {
	const devices = selections.filter(({ disk }) => disk.kind === 'device');
	const files = selections.filter(({ disk }) => disk.kind === 'file');
	return {
		bootPartitions: false,
		disks: devices.map(({ disk, partitions }) => {
			if (disk.id === '') {
				throw new AfterimageError('not-supported', t('{0} has no disk signature or GUID to find it by', disk.path), {
					advice: t('Write a partition table to it first'),
				});
			}
			const model = disk.model === '' ? undefined : disk.model;
			return { signature: disk.id, number: disk.number, model, partitions: chosenOf(disk, partitions, explicit) };
		}),
		rawFiles: files.map(({ disk, partitions }) => ({
			path: disk.path,
			partitions: chosenOf(disk, partitions, explicit),
		})),
	};
}

function chosenOf(disk: DiskInfo, partitions: readonly PartitionInfo[], explicit: boolean): readonly SourcePartition[] {
	if (!explicit && partitions.length === disk.partitions.length) return [];
	return partitions.map(({ number, start, label }) => ({
		number,
		offset: start,
		label: label === '' ? undefined : label,
	}));
}

/**
 * The partition that holds a folder: the one whose mount point is the longest beginning of its path.
 * @param ignoreCase as Windows and macOS do
 */
export function partitionHolding(
	folder: string,
	disks: readonly DiskInfo[],
	ignoreCase = false,
): { readonly disk: DiskInfo; readonly partition: PartitionInfo } | undefined {
	const fold = (path: string) => (ignoreCase ? path.toLowerCase() : path).replaceAll('\\', '/').replace(/\/+$/, '');
	const path = fold(folder);
	let best: { disk: DiskInfo; partition: PartitionInfo } | undefined;
	let length = -1;
	for (const disk of disks) {
		for (const partition of disk.partitions) {
			for (const mount of partition.mountedAt.map(fold)) {
				if (mount.length <= length || !(path === mount || path.startsWith(`${mount}/`))) continue;
				best = { disk, partition };
				length = mount.length;
			}
		}
	}
	return best;
}
