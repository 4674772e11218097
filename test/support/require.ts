import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach } from 'vitest';
import { searchPath } from './run.ts';

const debianPackages: Record<string, string> = {
	e2fsprogs: 'mkfs.ext2 mkfs.ext3 mkfs.ext4 mke2fs e2fsck dumpe2fs debugfs tune2fs resize2fs e2image chattr',
	xfsprogs: 'mkfs.xfs xfs_repair xfs_db xfs_io xfs_freeze',
	'btrfs-progs': 'mkfs.btrfs btrfs btrfstune',
	'ntfs-3g': 'mkntfs mkfs.ntfs ntfs-3g ntfsfix ntfsinfo ntfsresize ntfscluster ntfsclone ntfscp ntfscat',
	dosfstools: 'mkfs.fat fsck.fat fatlabel',
	exfatprogs: 'mkfs.exfat fsck.exfat dump.exfat tune.exfat',
	'exfat-fuse': 'mount.exfat-fuse',
	mtools: 'mcopy mdir mmd mdel mattrib minfo',
	partclone: 'partclone.extfs partclone.ntfs partclone.fat partclone.exfat partclone.xfs partclone.btrfs',
	'util-linux': 'fsfreeze losetup blkid mkswap fallocate findmnt',
	mount: 'mount umount',
	gdisk: 'sgdisk gdisk',
	fdisk: 'sfdisk fdisk',
	'qemu-utils': 'qemu-img',
	'libnbd-bin': 'nbdinfo nbdcopy',
	attr: 'setfattr getfattr',
	acl: 'setfacl getfacl',
	'libcap2-bin': 'setcap getcap',
	rsync: 'rsync',
	lvm2: 'lvm',
	fuse3: 'fusermount3',
	strace: 'strace',
	faketime: 'faketime',
	fusefat: 'fusefat',
	sshfs: 'sshfs',
	rclone: 'rclone',
	'qemu-user': 'qemu-x86_64',
};

function onPath(tool: string): boolean {
	return searchPath.split(delimiter).some((folder) => {
		try {
			accessSync(join(folder, tool), constants.X_OK);
			return folder !== '';
		} catch {
			return false;
		}
	});
}

/** The tests of this file or `describe` fail where CI is set, and are skipped with the printed reason elsewhere. */
function skipOrFail(reason: string | undefined): boolean {
	beforeEach((context) => {
		if (reason === undefined) return;
		if (process.env['CI']) throw new Error(reason);
		console.warn(`Skipped: ${reason}`);
		context.skip(reason);
	});
	return reason === undefined;
}

/**
 * Call it at the top of a file or `describe`. Returns whether all tools are there, for the sake of `beforeAll` hooks,
 * which run before the tests can be skipped.
 */
export function requireTools(tools: readonly string[]): boolean {
	const missing = tools.filter((tool) => !onPath(tool));
	const named = missing.map((tool) => {
		const owner = Object.entries(debianPackages).find(([, names]) => names.split(' ').includes(tool));
		return owner === undefined ? tool : `${tool} (Debian package ${owner[0]})`;
	});
	return skipOrFail(missing.length === 0 ? undefined : `missing on this machine: ${named.join(', ')}`);
}

/** As {@link requireTools}, for what only root may do (mounts, loop devices, freezes). */
export function requireRoot(): boolean {
	return skipOrFail(process.getuid?.() === 0 ? undefined : 'only root can mount and use loop devices');
}

/** As {@link requireTools}, for what is mounted by FUSE. */
export function requireFuse(): boolean {
	return skipOrFail(existsSync('/dev/fuse') ? undefined : 'this machine has no /dev/fuse');
}
