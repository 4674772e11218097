import type { DiskDevice } from './disk-port.ts';

/** What stands on a range of a disk. */
export interface Holder {
	/** An opened LUKS container, a volume of LVM, an array of Linux RAID, a map of paths to one disk, a loop device, another. */
	readonly kind: 'luks' | 'lvm' | 'raid' | 'multipath' | 'loop' | 'device';
	/** How many layers lie below it: what stands on the disk itself has the fewest. */
	readonly depth: number;
}

/** Something of the running system that uses a range of a disk. */
export interface VolumeUse {
	readonly kind: 'mount' | 'swap' | 'holder';
	/** Mount point, swap device, or path of the holder (`/dev/mapper/luks-root`, `/dev/md127`). */
	readonly at: string;
	/**
	 * Tells volumes apart: one that is mounted at two places has the same here. On Windows its GUID path
	 * (`\\\\?\\Volume{…}\\`), by which {@link SnapshotPort} knows it.
	 */
	readonly volume: string;
	/** Byte range on the disk. */
	readonly start: number;
	readonly length: number;
	readonly readOnly: boolean;
	/** As the system names it: `ext4`, `xfs`, `vfat`, `swap`; empty for a holder. */
	readonly fileSystem: string;
	/** It carries the running system: the root directory, or what that stands on. */
	readonly system: boolean;
	/** Of a holder, where it is known. */
	readonly holder?: Holder;
}

/** Where the bytes of a path lie. */
export interface Place {
	/** As the system names it: `ext4`, `vfat`, `nfs`, `tmpfs`. */
	readonly fileSystem: string;
	/** Bytes that this user can still write; undefined where the file system does not tell, as some in user space. */
	readonly free: number | undefined;
	/** Bytes; 0 where the file system does not tell. */
	readonly total: number;
	/** Largest file the file system allows, or undefined when it is no concern. */
	readonly maxFileSize: number | undefined;
	readonly mountPoint: string;
	/** Byte ranges of disks, and raw files, that the file system stands on; empty for network and memory. */
	readonly on: readonly { readonly disk: string; readonly start: number; readonly length: number }[];
}

/** A file system that does not change. It thaws on `thaw()`, and by itself when this process dies. */
export interface Freeze {
	/** Writers wait, or are refused where the file system knows no freeze. */
	readonly how: 'frozen' | 'read-only';
	thaw(): Promise<void>;
}

export interface VolumePort {
	/** Mounts, swap areas and holders that stand on the disk or raw file, whatever lies between (LVM, md, loop devices). */
	usesOf(disk: DiskDevice): Promise<readonly VolumeUse[]>;
	/** @throws AfterimageError `destination-missing` when the path is not there */
	placeOf(path: string): Promise<Place>;
	/** Has what was deleted in the file system of the folder count as free: Btrfs frees room only as it commits. */
	settle(folder: string): Promise<void>;
	/** Whether {@link VolumePort.freeze} works for the file system, as the system names it. */
	canFreeze(fileSystem: string): boolean;
	/**
	 * @param fileSystem as the system names it
	 * @throws AfterimageError `not-supported`, `permission-denied`, `failed`
	 */
	freeze(mountPoint: string, fileSystem: string): Promise<Freeze>;
}
