import { AfterimageError } from '../../../base/errors.ts';
import type { Partition } from '../../../disk/partition-table/layout.ts';
import { logInfo, logWarning, type JobContext } from '../../job-context.ts';
import type { DiskDevice, OpenDisk } from '../../ports/disk-port.ts';
import type { FormerBytes, ShadowCopies, ShadowCopy } from '../../ports/snapshot-port.ts';
import { refuse, type MountedPlace, type MountedVolume } from './mounted-volume.ts';
import type { Overlay, SharedBytes } from '../sources/overlay.ts';
import { openTemporaryBytes, type TemporaryBytes } from '../sources/temporary-bytes.ts';

/** Open shadow copies, as parts of the partitions that their volumes lie on. */
export interface ShadowVolumes {
	overlaysOf(device: DiskDevice, partition: Partition): readonly Overlay[];
	/** @throws AfterimageError when a copy has lost what it held */
	check(): Promise<void>;
	/** Closes and removes them. @param complete everything was read */
	close(complete: boolean): Promise<void>;
}

/**
 * Makes shadow copies of all the volumes and opens them. Whatever fails, none is left.
 * @throws AfterimageError `not-supported` naming the volume; see also {@link SnapshotPort.create}
 */
export async function makeShadowVolumes(
	volumes: readonly MountedVolume[],
	context: JobContext,
): Promise<ShadowVolumes> {
	const { snapshots, disks } = context.ports;
	const set = await snapshots.create(
		volumes.map(({ volume }) => volume),
		context.signal,
		(level, message, advice) => (level === 'info' ? logInfo(context, message) : logWarning(context, message, advice)),
	);
	const opened = new Map<string, OpenDisk>();
	const former: (FormerBytes & { readonly file: TemporaryBytes })[] = [];
	const close = async (complete: boolean) => {
		// Copies are removed when nothing is open of them any more.
		await Promise.allSettled([...opened.values(), ...former.map(({ file }) => file)].map((one) => one.close()));
		opened.clear();
		former.length = 0;
		await set.remove(complete);
	};
	try {
		for (const one of volumes) {
			const copy = copyOf(set, one.volume);
			if (copy.parts === undefined) checkInPlace(one, context);
			opened.set(one.volume, await disks.openSource(copy.device));
		}
		for (const bytes of set.former) former.push({ ...bytes, file: await openTemporaryBytes(bytes.bytes) });
	} catch (error) {
		await close(false).catch((failure: unknown) => {
			logWarning(context, `The ${snapshots.name} of this run: ${String(failure)}`);
		});
		throw error;
	}
	const names = volumes.map(({ places }) => places[0].use.at).join(', ');
	const when = snapshots.atOnce ? ', all of one point in time,' : '';
	logInfo(context, `Made ${snapshots.name} (${snapshots.technology}) of ${names}${when} for this run`);
	return {
		overlaysOf: (device, partition) => [
			...former
				.filter(({ disk, start, bytes }) => disk === device.path && isWithin(start, bytes.length, partition))
				.map(({ start, bytes, file }) => ({
					start: start - partition.start,
					length: bytes.length,
					source: file,
					at: 0,
				})),
			...volumes.flatMap((one) => {
				const here = one.places.find((place) => place.device === device && place.partition === partition);
				const source = opened.get(one.volume);
				return here === undefined || source === undefined ? [] : partsHere(here, copyOf(set, one.volume), source);
			}),
		],
		check: () => set.check(),
		close,
	};
}

function partsHere({ device, partition }: MountedPlace, { parts }: ShadowCopy, disk: OpenDisk): Overlay[] {
	const source: SharedBytes = {
		name: disk.device.path,
		fd: disk.fd,
		size: disk.size,
		read: (offset, target) => disk.read(offset, target),
	};
	if (parts === undefined) {
		return [{ start: 0, length: Math.min(source.size, partition.length), source, at: 0 }];
	}
	return parts
		.filter((part) => part.disk === device.path && isWithin(part.start, part.length, partition))
		.map((part) => ({ start: part.start - partition.start, length: part.length, source, at: part.at }));
}

/** A volume of which it is not told where it lies must be all that its partition is. */
function checkInPlace(volume: MountedVolume, context: JobContext): void {
	const [{ partition, use }, ...others] = volume.places;
	if (others.some((other) => other.partition !== partition)) {
		throw refuse(volume, 'which lies on several partitions', context);
	}
	if (use.start !== partition.start) throw refuse(volume, 'whose beginning is not that of the partition', context);
}

function isWithin(start: number, length: number, partition: Partition): boolean {
	return start >= partition.start && start + length <= partition.start + partition.length;
}

function copyOf(set: ShadowCopies, volume: string): ShadowCopy {
	const copy = set.copies.get(volume);
	if (copy !== undefined) return copy;
	throw new AfterimageError('failed', `The shadow copies lack the volume ${volume}`, { details: { volume } });
}
