import type { DiskInfo, PartitionInfo } from './disks.ts';

/** Where a Linux system keeps what it boots from and runs on. */
const systemMounts = ['/', '/usr', '/boot', '/boot/efi', '/efi'];

/** File systems that Windows runs from; BitLocker is read from a disk as it lies there. */
const windowsFileSystems = ['NTFS', 'ReFS', 'BitLocker'];

/**
 * The partitions that the running system needs to boot: those under its root folder and its boot folders, whatever lies
 * between (LVM, md), and of the same disks the EFI system partition and the one that GRUB keeps its core in. Of Windows
 * those that it was started from and runs on, and of the same disks what its loader needs or expects there: the EFI
 * system partition or the active one, the one that Microsoft reserves, and the recovery environment.
 */
export function bootPartitions(
	disks: readonly DiskInfo[],
): { readonly disk: DiskInfo; readonly partitions: readonly PartitionInfo[] }[] {
	const needed = isWindows(disks) ? isOfWindows : isLoader;
	return disks
		.filter((disk) => disk.partitions.some(isSystem))
		.map((disk) => ({
			disk,
			partitions: disk.partitions.filter((partition) => isSystem(partition) || needed(partition)),
		}));
}

function isSystem({ flags, mountedAt }: PartitionInfo): boolean {
	return flags.includes('system') || mountedAt.some((at) => systemMounts.includes(at));
}

/** Whether the running system is Windows; on disks that Linux boots from another Windows may lie, which nobody asked for. */
function isWindows(disks: readonly DiskInfo[]): boolean {
	const running = disks.flatMap((disk) => disk.partitions).filter((one) => isSystem(one) && !one.flags.includes('efi'));
	return running.length > 0 && running.every(({ fileSystem }) => windowsFileSystems.includes(fileSystem));
}

function isOfWindows({ flags }: PartitionInfo): boolean {
	return flags.some((flag) => ['efi', 'reserved', 'recovery', 'active'].includes(flag));
}

function isLoader({ flags, typeName }: PartitionInfo): boolean {
	return flags.includes('efi') || typeName === 'BIOS boot';
}
