import { AfterimageError } from '../../base/errors.ts';
import type { Partition } from '../../disk/layout.ts';
import type { HeldEvents } from '../held-events.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { DiskDevice, Freeze, Place, VolumeUse } from '../ports.ts';

/** A disk and those of its partitions that are imaged. */
export interface ChosenPartitions {
	readonly device: DiskDevice;
	readonly partitions: readonly Partition[];
}

/** The volumes of a run at one point in time. */
export interface Quiet {
	/** Whether everything mounted on the partition is frozen, and something is. */
	isFrozen(device: DiskDevice, partition: Partition): boolean;
	thaw(): Promise<void>;
}

/**
 * Brings every mounted volume on the chosen partitions to one point in time: read-only ones are, others are frozen for
 * the run. All of them are frozen before any is read; log lines wait until they are thawed.
 * @param events through which `context` tells
 * @throws AfterimageError `not-supported` naming the volume that cannot be
 */
export async function quiesce(
	chosen: readonly ChosenPartitions[],
	destination: Place,
	events: HeldEvents,
	context: JobContext,
): Promise<Quiet> {
	const { volumes } = context.ports;
	const toFreeze = new Map<string, VolumeUse>();
	const frozen = new Set<string>();
	for (const { device, partitions } of chosen) {
		const uses = await volumes.usesOf(device);
		for (const partition of partitions) {
			const here = uses.filter((use) => overlaps(use, partition));
			const writable = here.filter((use) => use.kind === 'mount' && !use.readOnly);
			for (const use of writable) {
				checkFreezable(use, device, partition, destination, context);
				if (!toFreeze.has(use.volume)) toFreeze.set(use.volume, use);
			}
			if (writable.length > 0) frozen.add(keyOf(device, partition));
			for (const use of here.filter((one) => one.kind === 'holder')) noteHolder(use, partition, here, context);
		}
	}
	const freezes: Freeze[] = [];
	const thaw = async () => {
		// Thaw all of them even when one fails: the failure comes last.
		const results = await Promise.allSettled(
			freezes
				.splice(0)
				.reverse()
				.map((freeze) => freeze.thaw()),
		);
		events.release();
		const failed = results.find((result) => result.status === 'rejected');
		if (failed !== undefined) throw failed.reason;
	};
	if (toFreeze.size > 0) events.hold();
	try {
		for (const use of toFreeze.values()) {
			freezes.push(await volumes.freeze(use.at));
			logInfo(context, `Froze the ${use.fileSystem} file system at ${use.at} for this run`);
		}
	} catch (error) {
		await thaw();
		throw error;
	}
	return { isFrozen: (device, partition) => frozen.has(keyOf(device, partition)), thaw };
}

function keyOf(device: DiskDevice, partition: Partition): string {
	return `${device.path}@${partition.start}`;
}

function overlaps(a: { start: number; length: number }, b: { start: number; length: number }): boolean {
	return a.start < b.start + b.length && b.start < a.start + a.length;
}

/** Refuses a writable volume that cannot be frozen, or whose freeze would stop this run itself. */
function checkFreezable(
	use: VolumeUse,
	device: DiskDevice,
	partition: Partition,
	destination: Place,
	context: JobContext,
): void {
	const what = `Partition ${partition.number} of ${device.path} is mounted for writing at ${use.at} (${use.fileSystem})`;
	const refuse = (why: string) =>
		new AfterimageError('not-supported', `${what}, ${why}`, {
			advice: 'Unmount it, mount it read-only (mount -o remount,ro), or leave the partition out.',
			details: { device: device.path, partition: partition.number, mountPoint: use.at },
		});
	if (use.system) throw refuse('and freezing the system it runs on would stop this run as well');
	if (use.at === destination.mountPoint) throw refuse('and the image is to be written there');
	if (!context.ports.volumes.canFreeze(use.fileSystem)) throw refuse('and this file system cannot be frozen');
	if (!context.ports.privilege.elevated) throw refuse('and freezing it needs root');
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
