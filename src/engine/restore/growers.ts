import { formatBytes } from '../../base/quantity.ts';

/** What makes a file system take all of its partition, by the beginning of its name. */
const growers: readonly (readonly [fileSystem: string, how: string])[] = [
	['ext', 'resize2fs grows it, after e2fsck -f'],
	['XFS', 'xfs_growfs grows it once it is mounted'],
	['Btrfs', 'btrfs filesystem resize max grows it once it is mounted'],
	['NTFS', 'extend filesystem of diskpart, or ntfsresize, grows it'],
	// fatresize 1.1.0 takes neither all of a partition nor a file system whose FATs would have to be longer.
	['FAT', 'fatresize grows some; else make it anew and copy its files'],
	['exFAT', 'nothing grows it: make it anew and copy its files'],
	['swap', 'mkswap -U with its UUID makes it anew'],
	['LVM2', 'pvresize grows it'],
	// A data segment without a length of its own reaches to the end of the device: LUKS2 specification, section 3.3; LUKS1 knows no other.
	['LUKS', 'once it is opened it takes all, and the file system in it can be grown'],
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
