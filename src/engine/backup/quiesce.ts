import type { Partition } from '../../disk/layout.ts';
import type { HeldEvents } from '../held-events.ts';
import { logWarning, type JobContext } from '../job-context.ts';
import type { DiskDevice, OpenDisk, Place, VolumeUse } from '../ports.ts';
import { freezeVolumes } from './freeze-volumes.ts';
import { shadowVolumes } from './shadow-volumes.ts';

/** A disk and those of its partitions that are imaged. */
export interface ChosenPartitions {
	readonly device: DiskDevice;
	readonly partitions: readonly Partition[];
}

/** A partition that is imaged, and what is mounted on it for writing. */
export interface MountedPartition {
	readonly device: DiskDevice;
	readonly partition: Partition;
	readonly mounts: readonly VolumeUse[];
}

/** The volumes of a run at one point in time. */
export interface Quiet {
	/** Whether everything mounted on the partition is frozen or read from a shadow copy, and something is. */
	isFrozen(device: DiskDevice, partition: Partition): boolean;
	/** The shadow copy that the partition is read from, as far as it reaches; undefined: from its disk. */
	shadowOf(device: DiskDevice, partition: Partition): OpenDisk | undefined;
	/** A second call does nothing. @param complete everything was read */
	thaw(complete: boolean): Promise<void>;
}

/**
 * Brings every mounted volume on the chosen partitions to one point in time: read-only ones are, others are frozen for
 * the run, or read from shadow copies where the system makes these. All of them are before any is read; log lines that
 * could not be written meanwhile wait until the thaw.
 * @param events through which `context` tells
 * @throws AfterimageError `not-supported` naming the volume that cannot be; see also {@link SnapshotPort.create}
 */
export async function quiesce(
	chosen: readonly ChosenPartitions[],
	destination: Place,
	events: HeldEvents,
	context: JobContext,
): Promise<Quiet> {
	const mounted: MountedPartition[] = [];
	for (const { device, partitions } of chosen) {
		const uses = await context.ports.volumes.usesOf(device);
		for (const partition of partitions) {
			const here = uses.filter((use) => overlaps(use, partition));
			const mounts = here.filter((use) => use.kind === 'mount' && !use.readOnly);
			if (mounts.length > 0) mounted.push({ device, partition, mounts });
			for (const use of here.filter((one) => one.kind === 'holder')) noteHolder(use, partition, here, context);
		}
	}
	return context.ports.snapshots.available
		? shadowVolumes(mounted, events, context)
		: freezeVolumes(mounted, destination, events, context);
}

/** Tells partitions of several disks apart. */
export function keyOf(device: DiskDevice, partition: Partition): string {
	return `${device.path}@${partition.start}`;
}

function overlaps(a: { start: number; length: number }, b: { start: number; length: number }): boolean {
	return a.start < b.start + b.length && b.start < a.start + a.length;
}

/** What holds a partition without a mount to be seen may write to it: an active LVM volume, a mount elsewhere. */
function noteHolder(use: VolumeUse, partition: Partition, here: readonly VolumeUse[], context: JobContext): void {
	if (here.some((other) => other.kind === 'mount')) return;
	logWarning(
		context,
		`Partition ${partition.number} is held by ${use.at}. What is written through it during this run makes the image inconsistent`,
		'Stop what uses it before the run.',
	);
}
