import { AfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { HeldEvents } from '../held-events.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { OpenDisk, ShadowCopies, VolumeLock, VolumeUse } from '../ports.ts';
import { keyOf, type MountedPartition, type Quiet } from './quiesce.ts';

/** A volume that goes into the image, and the partition that it is. */
interface MountedVolume extends MountedPartition {
	readonly use: VolumeUse;
}

/**
 * Makes shadow copies of all volumes in one set, and opens them. Volumes that have none are locked instead, and read
 * from their disk under the lock; one that is in use is refused. Whatever fails, copies and locks are gone.
 * @throws AfterimageError `not-supported` naming the volume; see also {@link SnapshotPort.create}
 */
export async function shadowVolumes(
	mounted: readonly MountedPartition[],
	events: HeldEvents,
	context: JobContext,
): Promise<Quiet> {
	const { snapshots, disks } = context.ports;
	const { toCopy, toLock } = await sort(mounted, context);
	const locks: VolumeLock[] = [];
	const opened = new Map<string, OpenDisk>();
	let copies: ShadowCopies | undefined;

	const thaw = async (complete: boolean) => {
		const [shadows, set, held] = [[...opened.values()], copies, locks.splice(0)];
		opened.clear();
		copies = undefined;
		// All of it even when one part fails, and copies are removed when nothing is open of them any more.
		const closed = await Promise.allSettled(shadows.map((shadow) => shadow.close()));
		const ended = await Promise.allSettled([set?.remove(complete), ...held.map((lock) => lock.release())]);
		events.release();
		for (const result of [...closed, ...ended]) {
			if (result.status === 'fulfilled') continue;
			// What was read is right all the same, and an error that ended the run must not be hidden by this one.
			logWarning(context, `Shadow copies or locks of this run: ${toErrorRecord(result.reason).message}`);
		}
	};

	// A log file on a locked volume could not be opened.
	if (toLock.size > 0) events.hold();
	try {
		for (const { volume, why } of toLock.values()) locks.push(await lock(volume, why, context));
		if (toCopy.size > 0) {
			copies = await snapshots.create([...toCopy.keys()], context.signal, (level, message, advice) =>
				level === 'info' ? logInfo(context, message) : logWarning(context, message, advice),
			);
			for (const [volume, { device, partition }] of toCopy) {
				opened.set(keyOf(device, partition), await disks.openSource(deviceOf(copies, volume)));
			}
			const names = [...toCopy.values()].map(({ use }) => use.at).join(', ');
			logInfo(context, `Made shadow copies (VSS) of ${names}, all of one point in time, for this run`);
		}
	} catch (error) {
		await thaw(false);
		throw error;
	}
	return {
		isFrozen: (device, partition) => opened.has(keyOf(device, partition)),
		shadowOf: (device, partition) => opened.get(keyOf(device, partition)),
		thaw,
	};
}

/** Which volumes are read from shadow copies, and which are locked, with the reason. */
async function sort(mounted: readonly MountedPartition[], context: JobContext) {
	const toCopy = new Map<string, MountedVolume>();
	const toLock = new Map<string, { readonly volume: MountedVolume; readonly why: string }>();
	for (const partition of mounted) {
		for (const use of partition.mounts) {
			const volume = { ...partition, use };
			const before = toCopy.get(use.volume) ?? toLock.get(use.volume)?.volume;
			if (before !== undefined && keyOf(before.device, before.partition) !== keyOf(volume.device, volume.partition)) {
				throw refuse(volume, 'which lies on several partitions');
			}
			if (before !== undefined) continue;
			if (!context.ports.privilege.elevated) throw refuse(volume, 'and reading it needs administrator rights');
			if (use.start !== partition.partition.start) throw refuse(volume, 'whose beginning is not that of the partition');
			const why = await context.ports.snapshots.objectionTo(use.volume);
			if (why === undefined) toCopy.set(use.volume, volume);
			else toLock.set(use.volume, { volume, why });
		}
	}
	return { toCopy, toLock };
}

async function lock(volume: MountedVolume, why: string, context: JobContext): Promise<VolumeLock> {
	const { use } = volume;
	const held = await context.ports.snapshots.lock(use.volume);
	if (held === undefined)
		throw refuse(volume, `of which there are no shadow copies (${why}), and programs have files open there`);
	logInfo(context, `Locked ${use.at} (${use.fileSystem}) for this run, since there are no shadow copies of it: ${why}`);
	return held;
}

function deviceOf(copies: ShadowCopies, volume: string): string {
	const device = copies.devices.get(volume);
	if (device !== undefined) return device;
	throw new AfterimageError('failed', `The shadow copy set lacks the volume ${volume}`, { details: { volume } });
}

function refuse({ device, partition, use }: MountedVolume, why: string): AfterimageError {
	const what = `Partition ${partition.number} of ${device.path} is the volume ${use.at} (${use.fileSystem})`;
	return new AfterimageError('not-supported', `${what}, ${why}`, {
		advice:
			'Close the programs that use it, or leave the partition out. Security software often holds the EFI system partition, and can be told to leave it alone.',
		details: { device: device.path, partition: partition.number, volume: use.volume },
	});
}
