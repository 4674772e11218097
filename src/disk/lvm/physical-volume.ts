import type { ByteSource } from '../../base/bytes.ts';
import { isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { FileSystem, FileSystemInfo, UsedSink } from '../filesystem.ts';
import { readGroup, type VolumeGroup } from './group.ts';
import { lookAtVolumes, type LogicalVolume, type LookOptions } from './logical-volumes.ts';

/** What the label of the physical volume tells. */
export interface PhysicalVolumeName {
	/** As the product names what it is. */
	readonly type: string;
	readonly uuid: string;
}

/**
 * A physical volume of LVM as if it were a file system: in use are its labels and lists of volumes, of each linear or striped
 * volume what its file system uses, and all of every other volume. Extents of no volume are free. For files see `openVolumes`.
 * @throws AfterimageError `not-supported` with the reason where it tells of no volumes, `structure-damaged`, `read-error`,
 * `cancelled`
 */
export async function openPhysicalVolume(
	physical: ByteSource,
	name: PhysicalVolumeName,
	options: LookOptions,
): Promise<FileSystem> {
	const group = await readGroup(physical);
	const look = await volumesOf(physical, group, options);
	const volumes = typeof look === 'string' ? [] : look;
	return {
		info: infoOf(physical, name, group, look),
		get volumes() {
			return volumes.flatMap(({ told }) => told ?? []);
		},
		async collectUsed(sink, signal) {
			addOutside(group, physical.size, sink);
			for (const volume of volumes) await volume.collectUsed(sink, signal);
		},
		isUnchanged: async () => (await readGroup(physical)).seqno === group.seqno,
	};
}

/** The volumes, or why their list cannot be relied on. */
async function volumesOf(
	physical: ByteSource,
	group: VolumeGroup,
	options: LookOptions,
): Promise<readonly LogicalVolume[] | string> {
	if (group.damage !== undefined) return group.damage.message;
	try {
		return await lookAtVolumes(physical, group, options);
	} catch (error) {
		if (isAfterimageError(error, 'structure-damaged')) return toErrorRecord(error).message;
		throw error;
	}
}

function infoOf(
	{ size }: ByteSource,
	{ type, uuid }: PhysicalVolumeName,
	{ name, here, extentSize }: VolumeGroup,
	look: readonly LogicalVolume[] | string,
): FileSystemInfo {
	const usedBy = (bytes: number, { used }: LogicalVolume) => bytes + used;
	const outside = size - Math.min(size - here.start, here.extents * extentSize);
	const used = typeof look === 'string' ? size : Math.min(size, look.reduce(usedBy, outside));
	const free = size - used;
	return {
		type,
		label: name,
		uuid,
		size,
		used,
		free,
		clusterSize: extentSize,
		totalClusters: here.extents,
		freeClusters: Math.min(here.extents, Math.floor(free / extentSize)),
		dirty: typeof look === 'string' ? look : undefined,
		reservedBytes: 0,
	};
}

/** All that lies in no extent. */
function addOutside({ here, extentSize, metadataAreas }: VolumeGroup, size: number, sink: UsedSink): void {
	sink.add(0, here.start);
	sink.add(Math.min(size, here.start + here.extents * extentSize), size);
	for (const { offset, size: length } of metadataAreas) sink.add(offset, offset + length);
}
