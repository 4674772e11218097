/** What can be done with a file system that no tool makes smaller while it lies in a file, by the beginning of its name. */
const instead: readonly (readonly [type: string, advice: string])[] = [
	['XFS', 'Nothing makes XFS smaller: make a new file system on the target and copy the files (afterimage extract).'],
	[
		'Btrfs',
		'Btrfs becomes smaller while it is mounted: restore the partition to a raw file (--into volume), mount that, ' +
			'btrfs filesystem resize, and take an image of it.',
	],
	['FAT', 'Make a new file system on the target and copy the files (afterimage extract).'],
	['exFAT', 'Make a new file system on the target and copy the files (afterimage extract).'],
	['swap', 'Leave it out, and make it anew (mkswap -U with its UUID).'],
	[
		'LVM2',
		'Restore to a raw file, make the volumes smaller there (lvreduce --resizefs, pvresize --setphysicalvolumesize), ' +
			'and take an image of it.',
	],
	['LUKS', 'Restore to a raw file, open it there, and make what is in it smaller.'],
];

/** @param type as `Recognised.type` has it */
export function insteadOfShrinking(type: string): string {
	const known = instead.find(([name]) => type.startsWith(name))?.[1];
	return known ?? 'Only ext2, ext3, ext4 and NTFS are made smaller. Restore to a target that is large enough.';
}
