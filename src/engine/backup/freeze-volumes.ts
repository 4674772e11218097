import { AfterimageError } from '../../base/errors.ts';
import type { HeldEvents } from '../held-events.ts';
import { logInfo, type JobContext } from '../job-context.ts';
import type { Freeze, Place, VolumeUse } from '../ports.ts';
import { keyOf, type MountedPartition, type Quiet } from './quiesce.ts';

/**
 * Freezes every volume for the run; log lines wait until they are thawed.
 * @throws AfterimageError `not-supported` naming the volume that cannot be
 */
export async function freezeVolumes(
	mounted: readonly MountedPartition[],
	destination: Place,
	events: HeldEvents,
	context: JobContext,
): Promise<Quiet> {
	const toFreeze = new Map<string, VolumeUse>();
	for (const partition of mounted) {
		for (const use of partition.mounts) {
			checkFreezable(use, partition, destination, context);
			if (!toFreeze.has(use.volume)) toFreeze.set(use.volume, use);
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
			freezes.push(await context.ports.volumes.freeze(use.at));
			logInfo(context, `Froze the ${use.fileSystem} file system at ${use.at} for this run`);
		}
	} catch (error) {
		await thaw();
		throw error;
	}
	const frozen = new Set(mounted.map(({ device, partition }) => keyOf(device, partition)));
	return {
		isFrozen: (device, partition) => frozen.has(keyOf(device, partition)),
		shadowOf: () => undefined,
		thaw,
	};
}

/** Refuses a writable volume that cannot be frozen, or whose freeze would stop this run itself. */
function checkFreezable(
	use: VolumeUse,
	{ device, partition }: MountedPartition,
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
