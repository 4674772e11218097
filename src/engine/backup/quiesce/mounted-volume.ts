import { AfterimageError } from '../../../base/errors.ts';
import type { Partition } from '../../../disk/partition-table/layout.ts';
import type { JobContext } from '../../job-context.ts';
import type { DiskDevice } from '../../ports/disk-port.ts';
import type { VolumeUse } from '../../ports/volume-port.ts';

/** A mount for writing that stands on an imaged partition. */
export interface MountedPlace {
	readonly device: DiskDevice;
	readonly partition: Partition;
	readonly use: VolumeUse;
	/** What else stands there: holders. */
	readonly layers: readonly VolumeUse[];
}

/** A volume that is mounted for writing: at one or more places, on one or more of the imaged partitions. */
export interface MountedVolume {
	/** See {@link VolumeUse.volume}. */
	readonly volume: string;
	readonly places: readonly [MountedPlace, ...MountedPlace[]];
}

/** Tells partitions of several disks apart. */
export function keyOf({ device, partition }: { device: DiskDevice; partition: Partition }): string {
	return `${device.path}@${partition.start}`;
}

/**
 * The error for a volume that cannot be brought to one point in time.
 * @param why ends the sentence that names it
 * @param remedy what to do, where that is known better than for all
 */
export function refuse(
	{ volume, places }: MountedVolume,
	why: string,
	{ ports }: JobContext,
	remedy?: string,
): AfterimageError {
	const [{ device, partition, use }] = places;
	return new AfterimageError(
		'not-supported',
		`Partition ${partition.number} of ${device.path} is mounted for writing at ${use.at} (${use.fileSystem}), ${why}`,
		{
			advice:
				remedy ??
				(ports.snapshots.lock === undefined
					? 'Unmount it, mount it read-only (mount -o remount,ro), or leave the partition out. Of volumes of LVM there are snapshots where their volume group has free room.'
					: 'Close the programs that use it, or leave the partition out. Security software often holds the EFI system partition, and can be told to leave it alone.'),
			details: { device: device.path, partition: partition.number, mountPoint: use.at, volume },
		},
	);
}
