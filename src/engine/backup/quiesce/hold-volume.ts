import { logInfo, type JobContext } from '../../job-context.ts';
import type { Place } from '../../ports/volume-port.ts';
import { layerWithCopies } from './layer-with-copies.ts';
import { keyOf, refuse, type MountedVolume } from './mounted-volume.ts';

/** A volume of which there are no shadow copies. */
export interface Refused {
	readonly volume: MountedVolume;
	/** See {@link SnapshotPort.objectionTo}. */
	readonly why: string;
}

/** A volume that does not change for the run. */
export interface Hold {
	/** Its file system is as after an unmount; else only nobody writes to it. */
	readonly frozen: boolean;
	/** Keys of the partitions that it lies on. */
	readonly partitions: readonly string[];
	/** @throws AfterimageError when it may have changed meanwhile */
	release(): Promise<void>;
}

/**
 * Locks or freezes a volume for the run, as its system can.
 * @throws AfterimageError `not-supported` naming the volume that cannot be
 */
export function holdVolume(refused: Refused, destination: Place, context: JobContext): Promise<Hold> {
	return context.ports.snapshots.lock === undefined ? freeze(refused, destination, context) : lock(refused, context);
}

async function freeze({ volume, why }: Refused, destination: Place, context: JobContext): Promise<Hold> {
	const { volumes, snapshots } = context.ports;
	const [{ use }] = volume.places;
	const noCopies = `there are no ${snapshots.name} of it (${why})`;
	const uses = volume.places.map((place) => place.use);
	const refused = async (why: string) =>
		refuse(volume, `${noCopies}, ${why}`, context, await layerWithCopies(volume, context));
	if (uses.some((one) => one.system)) {
		throw await refused('and freezing the system it runs on would stop this run as well');
	}
	if (uses.some((one) => one.at === destination.mountPoint)) {
		throw await refused('and the image is to be written there');
	}
	if (!volumes.canFreeze(use.fileSystem)) throw await refused('and this file system cannot be frozen');
	const frozen = await volumes.freeze(use.at, use.fileSystem);
	const what = `the ${use.fileSystem} file system at ${use.at}`;
	const done = frozen.how === 'frozen' ? `Froze ${what}` : `Made ${what} read-only`;
	logInfo(context, `${done} for this run: ${noCopies}`);
	return { frozen: true, partitions: volume.places.map(keyOf), release: () => frozen.thaw() };
}

async function lock({ volume, why }: Refused, context: JobContext): Promise<Hold> {
	const { snapshots } = context.ports;
	const [{ use }] = volume.places;
	const noCopies = `there are no ${snapshots.name} of it (${why})`;
	const partitions = volume.places.map(keyOf);
	if (new Set(partitions).size > 1) throw refuse(volume, 'which lies on several partitions', context);
	const held = await snapshots.lock?.(volume.volume);
	if (held === undefined) throw refuse(volume, `${noCopies}, and programs have files open there`, context);
	logInfo(context, `Locked ${use.at} (${use.fileSystem}) for this run: ${noCopies}`);
	return { frozen: false, partitions, release: () => held.release() };
}
