import type { JobContext } from '../../job-context.ts';
import type { MountedVolume } from './mounted-volume.ts';

/**
 * What to image instead of a volume's partition, or beside it: an opened LUKS container or an array between the two, of which there
 * are shadow copies as there are none of what lies on the disk.
 * @returns advice; undefined where there is nothing such
 */
export async function layerWithCopies(
	{ volume, places }: MountedVolume,
	{ ports: { disks, snapshots } }: JobContext,
): Promise<string | undefined> {
	const [{ device, partition, layers }] = places;
	for (const { at, holder } of layers.toSorted((a, b) => (a.holder?.depth ?? 0) - (b.holder?.depth ?? 0))) {
		if (holder?.kind !== 'luks' && holder?.kind !== 'raid') continue;
		const layer = await disks.describe(at);
		if ((await snapshots.objectionTo(volume, layer)) !== undefined) continue;
		const isOnPartition =
			layer.encrypted?.disk === device.path &&
			layer.encrypted.start === partition.start &&
			layer.encrypted.length === partition.length;
		const sources = isOnPartition ? `${device.path} ${at}` : at;
		const beside = isOnPartition
			? 'Image that beside the disk, of which it leaves out what is encrypted'
			: `Image that, and of ${device.path} at most other partitions`;
		const isPlain = layer.isDecrypted === true;
		const command = `afterimage image ${sources} --to FOLDER${isPlain ? ' --password-file FILE' : ''}`;
		const warning = isPlain ? ' (it is plain text in the image, so give that a password)' : '';
		return `Of what is in ${at} there are ${snapshots.name}. ${beside}: ${command}${warning}`;
	}
	return undefined;
}
