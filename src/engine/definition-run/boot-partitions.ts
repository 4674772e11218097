import type { DiskInfo, PartitionInfo } from '../../protocol/disks.ts';

/** Where a Linux system keeps what it boots from and runs on. */
const systemMounts = ['/', '/usr', '/boot', '/boot/efi', '/efi'];

/**
 * The partitions that the running system needs to boot: those under its root folder and its boot folders, whatever lies
 * between (LVM, md), and of the same disks the EFI system partition and the one that GRUB keeps its core in.
 */
export function bootPartitions(
	disks: readonly DiskInfo[],
): { readonly disk: DiskInfo; readonly partitions: readonly PartitionInfo[] }[] {
	return disks
		.filter((disk) => disk.partitions.some(isSystem))
		.map((disk) => ({
			disk,
			partitions: disk.partitions.filter((partition) => isSystem(partition) || isLoader(partition)),
		}));
}

function isSystem({ flags, mountedAt }: PartitionInfo): boolean {
	return flags.includes('system') || mountedAt.some((at) => systemMounts.includes(at));
}

function isLoader({ flags, typeName }: PartitionInfo): boolean {
	return flags.includes('efi') || typeName === 'BIOS boot';
}
