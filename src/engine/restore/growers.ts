import { formatBytes } from '../../base/quantity.ts';

/** What makes a file system take all of its partition, by the beginning of its name. */
const growers: readonly (readonly [fileSystem: string, how: string])[] = [
	['ext', 'resize2fs grows it'],
	['XFS', 'xfs_growfs grows it once it is mounted'],
	['Btrfs', 'btrfs filesystem resize max grows it once it is mounted'],
	['NTFS', 'extend filesystem of diskpart, or ntfsresize, grows it'],
	['FAT', 'fatresize grows it'],
	['swap', 'mkswap makes it anew'],
	['LVM2', 'pvresize grows it'],
	['LUKS', 'cryptsetup resize grows it once it is open, before the file system in it'],
];

/**
 * What to tell of a partition or volume that is larger than what is in it.
 * @param what such as `Partition 3`
 * @param spare bytes that are not used
 */
export function growthNote(what: string, fileSystem: string, spare: number): string {
	const how = growers.find(([name]) => fileSystem.startsWith(name))?.[1];
	const rest = how === undefined ? '' : `: ${how}`;
	return `${what} is ${formatBytes(spare)} larger than what is restored to it (${fileSystem}), which keeps its size${rest}`;
}
