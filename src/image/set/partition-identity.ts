/** What a partition is known by in all files of a set, and when a set is looked for. */
export interface PartitionIdentity {
	/** GPT disk GUID in upper case without braces, or the MBR's id as 8 upper-case hex digits; empty where the disk has none. */
	readonly disk: string;
	/** Byte on the disk where the partition begins. */
	readonly offset: number;
	/** What tells the contents of the partition from all others, mostly a UUID; empty where nothing does. */
	readonly contents: string;
}

/** Disks with their partitions, in any order. */
export type DiskIdentities = readonly (readonly PartitionIdentity[])[];

/**
 * @param signature the disk's GUID or id, empty without one
 * @param offset byte on the disk where the partition begins
 * @param contents what tells them from all others (see `Recognised.identity`), or `volume_guid` of an image
 */
export function partitionIdentity(signature: string, offset: number, contents: string): PartitionIdentity {
	return { disk: normalDiskId(signature), offset, contents: normalContents(contents) };
}

/** A GPT disk GUID or MBR disk id as identities have it; one of zeros is none. */
export function normalDiskId(signature: string): string {
	return onlyZeros.test(signature) ? '' : signature.replace(/[{}]/g, '').toUpperCase();
}

/**
 * Windows' own names of volumes (`\??\Volume{…}`, in images that Macrium wrote) are none: those of removable media belong
 * to the drive, whatever medium lies in it.
 */
function normalContents(uuid: string): string {
	return onlyZeros.test(uuid) || uuid.startsWith('\\') ? '' : uuid.toUpperCase();
}

const onlyZeros = /^[{}0-]*$/;

/**
 * Whether both have exactly the same partitions: by disk id and offset, and on disks without an id also by what the
 * partitions hold. Where nothing tells a disk from others, no two are the same.
 */
export function samePartitions(a: DiskIdentities, b: DiskIdentities): boolean {
	if (!areIdentified(a) || !areIdentified(b)) return false;
	const left = keysOf(a);
	const right = keysOf(b);
	return left.length === right.length && left.every((key, i) => key === right[i]);
}

/** Whether there are disks, and every one can be told from others: by an id, or by a UUID on it. */
export function areIdentified(disks: DiskIdentities): boolean {
	const isIdentified = ({ disk, contents }: PartitionIdentity) => disk !== '' || contents !== '';
	return disks.length > 0 && disks.every((partitions) => partitions.some(isIdentified));
}

function keysOf(disks: DiskIdentities): string[] {
	return disks
		.flatMap((partitions) => {
			const held = [...partitions].sort((a, b) => a.offset - b.offset).map(({ contents }) => contents);
			return partitions.map(({ disk, offset }) => `${disk === '' ? `without id: ${held.join(', ')}` : disk} ${offset}`);
		})
		.sort();
}
