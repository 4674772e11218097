import { toErrorRecord } from '../../../base/errors.ts';
import type { Partition } from '../../../disk/partition-table/layout.ts';
import type { HeldEvents } from '../../held-events.ts';
import { logWarning, type JobContext } from '../../job-context.ts';
import type { DiskDevice } from '../../ports/disk-port.ts';
import type { Place, VolumeUse } from '../../ports/volume-port.ts';
import { holdVolume, type Hold, type Refused } from './hold-volume.ts';
import { keyOf, refuse, type MountedPlace, type MountedVolume } from './mounted-volume.ts';
import type { Overlay } from '../sources/overlay.ts';
import { makeShadowVolumes, type ShadowVolumes } from './shadow-volumes.ts';

/** A disk and those of its partitions that are imaged. */
export interface ChosenPartitions {
	readonly device: DiskDevice;
	readonly partitions: readonly Partition[];
}

/** The volumes of a run at one point in time. */
export interface Quiet {
	/** Whether everything mounted on the partition is frozen or read from a shadow copy, and something is. */
	isFrozen(device: DiskDevice, partition: Partition): boolean;
	/** What of the partition is read from elsewhere than its disk. */
	overlaysOf(device: DiskDevice, partition: Partition): readonly Overlay[];
	/** Whether what is read is still of the point in time: call it when reads fail. @throws AfterimageError when not */
	check(): Promise<void>;
	/**
	 * A second call does nothing.
	 * @param complete everything was read
	 * @throws AfterimageError when `complete` and what was read may not be of the point in time
	 */
	thaw(complete: boolean): Promise<void>;
}

/**
 * Brings every mounted volume on the chosen partitions to one point in time: read-only ones are, others are read from
 * shadow copies where the system can make these, else frozen or locked for the run. All of them are before any is read;
 * log lines that could not be written meanwhile wait until the thaw.
 * @param events through which `context` tells
 * @throws AfterimageError `not-supported` naming the volume that cannot be; see also {@link SnapshotPort.create}
 */
export async function quiesce(
	chosen: readonly ChosenPartitions[],
	destination: Place,
	events: HeldEvents,
	context: JobContext,
): Promise<Quiet> {
	const volumes = await mountedVolumes(chosen, context);
	const { toCopy, toHold } = await sort(volumes, context);
	const holds: Hold[] = [];
	let copies: ShadowVolumes | undefined;

	const thaw = async (complete: boolean) => {
		const [set, held] = [copies, holds.splice(0).reverse()];
		copies = undefined;
		const checked = await Promise.allSettled(set !== undefined && complete ? [set.check()] : []);
		// All of it even when one part fails.
		const ended = await Promise.allSettled(held.map((hold) => hold.release()));
		events.release();
		const removed = await Promise.allSettled([set?.close(complete)]);
		const failures = [...checked, ...ended].filter((result) => result.status === 'rejected');
		const [first] = failures;
		if (complete && first !== undefined) throw first.reason;
		// An error that ended the run must not be hidden by these, and what was read is right although a copy stays behind.
		for (const { reason } of [...failures, ...removed.filter((result) => result.status === 'rejected')]) {
			logWarning(context, `Shadow copies, freezes or locks of this run: ${toErrorRecord(reason).message}`);
		}
	};

	// A log file on such a volume could not be written.
	if (toHold.length > 0) events.hold();
	try {
		for (const refused of toHold) holds.push(await holdVolume(refused, destination, context));
		if (toCopy.length > 0) copies = await makeShadowVolumes(toCopy, context);
	} catch (error) {
		await thaw(false);
		throw error;
	}
	const stirring = new Set(holds.filter((hold) => !hold.frozen).flatMap((hold) => hold.partitions));
	const still = new Set(volumes.flatMap(({ places }) => places.map(keyOf)).filter((key) => !stirring.has(key)));
	return {
		isFrozen: (device, partition) => still.has(keyOf({ device, partition })),
		overlaysOf: (device, partition) => copies?.overlaysOf(device, partition) ?? [],
		check: async () => copies?.check(),
		thaw,
	};
}

async function mountedVolumes(chosen: readonly ChosenPartitions[], context: JobContext): Promise<MountedVolume[]> {
	const found = new Map<string, [MountedPlace, ...MountedPlace[]]>();
	for (const { device, partitions } of chosen) {
		const uses = await context.ports.volumes.usesOf(device);
		for (const partition of partitions) {
			const here = uses.filter((use) => overlaps(use, partition));
			const layers = here.filter((use) => use.kind === 'holder');
			for (const use of here.filter((one) => one.kind === 'mount' && !one.readOnly)) {
				const place = { device, partition, use, layers };
				const places = found.get(use.volume);
				if (places === undefined) found.set(use.volume, [place]);
				else places.push(place);
			}
			for (const use of layers) noteHolder(use, partition, here, context);
		}
	}
	return [...found].map(([volume, places]) => ({ volume, places }));
}

/** Which volumes are read from shadow copies, and which are not, with the reason. */
async function sort(volumes: readonly MountedVolume[], context: JobContext) {
	const { snapshots, privilege } = context.ports;
	const toCopy: MountedVolume[] = [];
	const toHold: Refused[] = [];
	for (const volume of volumes) {
		if (!privilege.elevated) {
			throw refuse(volume, `and reading it as it is at one moment ${rightsNeeded(context)}`, context);
		}
		let why: string | undefined;
		for (const { device } of volume.places) why ??= await snapshots.objectionTo(volume.volume, device);
		if (why === undefined) toCopy.push(volume);
		else toHold.push({ volume, why });
	}
	return { toCopy, toHold };
}

function rightsNeeded({ ports }: JobContext): string {
	return ports.snapshots.lock === undefined ? 'needs root' : 'needs administrator rights';
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
