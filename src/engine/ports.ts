import type { ByteSink, ByteSource } from '../base/bytes.ts';

/** What the engine needs of an operating system. `native` implements it for real, `test/support/fakes` in memory. */
export interface Ports {
	readonly disks: DiskPort;
	readonly volumes: VolumePort;
	readonly snapshots: SnapshotPort;
	readonly processes: ProcessPort;
	/** Absent on systems whose files have none. */
	readonly attributes?: AttributePort;
	/** Absent on systems on which nothing is mounted. */
	readonly mounts?: MountPort;
	readonly clock: Clock;
	readonly privilege: Privilege;
}

/** A partition node that the system made, for example `/dev/sda1`. Bytes on its disk. */
export interface PartitionNode {
	readonly path: string;
	readonly start: number;
	readonly length: number;
}

/** A disk, or a raw file that is treated as one. */
export interface DiskDevice {
	/** `/dev/sda`, or the absolute path of the file. */
	readonly path: string;
	readonly kind: 'device' | 'file';
	/** Bytes. */
	readonly size: number;
	/** Logical sector in bytes: 512 or 4096. A raw file says 512 until its partition table says otherwise. */
	readonly sectorSize: number;
	readonly physicalSectorSize: number;
	/** Manufacturer and model as the device reports them; empty when it does not. */
	readonly vendor: string;
	readonly model: string;
	readonly revision: string;
	readonly serial: string;
	readonly removable: boolean;
	readonly readOnly: boolean;
	/** Number of the disk on this machine, from 0 in the order of their names; a raw file has 0. */
	readonly number: number;
	readonly partitions: readonly PartitionNode[];
	/**
	 * What tells a raw file from every other file of this machine, whatever lies at its path by now. Absent for a device,
	 * whose path nobody without rights can give to another.
	 */
	readonly identity?: string;
}

/** What has to be at the path of a target when it is opened. */
export type ExpectedTarget =
	/** Nothing: a sparse raw file of so many bytes is made. */
	| { readonly createSize: number }
	/** What was looked at before: a raw file, by its {@link DiskDevice.identity}, or a device, which has none. */
	| { readonly identity: string | undefined };

/** An open disk or raw file. Workers use `fd` by position, beside this process. */
export interface OpenDisk extends ByteSource, ByteSink {
	readonly fd: number;
	readonly device: DiskDevice;
	/** Drops what the system has cached of a device itself, so that reads see what its mounted volumes have written. */
	refresh(): void;
	/** Forces what was written to the medium. */
	flush(): Promise<void>;
	/** Has the system read the partition table of a device anew; false when it keeps to the old one. */
	rereadPartitions(): boolean;
	/**
	 * Tells the device that the range holds nothing of use (discard, or a punched hole in a file).
	 * Returns false when the device or its file system cannot do that; the range is then as it was.
	 */
	discard(offset: number, length: number): Promise<boolean>;
	close(): Promise<void>;
}

export interface DiskPort {
	/**
	 * Whether {@link DiskPort.openTarget} takes volumes on its target away from the system, and refuses when one is in use;
	 * where it does not, nothing may be mounted on a target.
	 */
	readonly locksVolumes?: boolean;
	/** Every whole disk of the machine that holds bytes, in the order of their names. */
	list(): Promise<readonly DiskDevice[]>;
	/**
	 * A device, or a raw file. A partition node is an error of its own: see {@link DiskPort.parentOf}.
	 * @throws AfterimageError `source-missing`, `permission-denied`, `not-supported`
	 */
	describe(path: string): Promise<DiskDevice>;
	/** The disk that a partition node belongs to and the node's place on it; undefined for anything else. */
	parentOf(path: string): Promise<{ readonly disk: string; readonly node: PartitionNode } | undefined>;
	/** Opens for reading; see {@link OpenDisk.refresh}. */
	openSource(path: string): Promise<OpenDisk>;
	/**
	 * Opens a device or an existing file for writing, alone (O_EXCL on devices, an advisory lock on both), or makes a file
	 * where nothing is. Opens nothing else than what is expected, whatever has come to its place. Never makes a file below `/dev`.
	 * @throws AfterimageError `target-in-use`, `destination-missing`, `permission-denied`, `not-supported`
	 */
	openTarget(path: string, expected: ExpectedTarget): Promise<OpenDisk>;
}

/** Something of the running system that uses a range of a disk. */
export interface VolumeUse {
	readonly kind: 'mount' | 'swap' | 'holder';
	/** Mount point, swap device, or name of the holder (`dm-0`, `md127`). */
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
}

/** Where the bytes of a path lie. */
export interface Place {
	/** As the system names it: `ext4`, `vfat`, `nfs`, `tmpfs`. */
	readonly fileSystem: string;
	/** Bytes that this user can still write. */
	readonly free: number;
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

/** A range of a volume, and where its bytes lie on a disk. */
export interface VolumePart {
	/** `/dev/sda`, or the path of a raw file. */
	readonly disk: string;
	/** Byte of the disk. */
	readonly start: number;
	readonly length: number;
	/** Byte of the volume. */
	readonly at: number;
}

/** What a volume held at one moment. */
export interface ShadowCopy {
	/** Path that {@link DiskPort.openSource} opens. Byte 0 is the volume's first; it may be a little shorter. */
	readonly device: string;
	/** Where the bytes of the volume lie; undefined: from the beginning of its partition on, in their order. */
	readonly parts: readonly VolumePart[] | undefined;
}

/** Bytes of a disk as they were before shadow copies were made, which changed them: the list of its volumes. */
export interface FormerBytes {
	readonly disk: string;
	readonly start: number;
	readonly bytes: Uint8Array;
}

/** Shadow copies of volumes. They also end when this process does. */
export interface ShadowCopies {
	/** By volume. */
	readonly copies: ReadonlyMap<string, ShadowCopy>;
	readonly former: readonly FormerBytes[];
	/** @throws AfterimageError `no-space`, `failed` when a copy has lost what it held */
	check(): Promise<void>;
	/**
	 * Removes them; what is open of them must have been closed. A second call does nothing.
	 * @param complete everything was read: the applications that took part are told so, else that the backup was given up
	 * @throws AfterimageError `failed`
	 */
	remove(complete: boolean): Promise<void>;
}

/** A volume that nobody else can use. It becomes free on `release()`, and by itself when this process dies. */
export interface VolumeLock {
	release(): Promise<void>;
}

/** Hears what is to be told while shadow copies are made. */
export type SnapshotListener = (level: 'info' | 'warning', message: string, advice?: string) => void;

/** Shadow copies of mounted volumes: VSS on Windows, snapshots of LVM on Linux. */
export interface SnapshotPort {
	/** What they are called here, for messages: `shadow copies`, `snapshots`. */
	readonly name: string;
	/** What makes them: `VSS`, `LVM`. */
	readonly technology: string;
	/** All of a call are of one point in time; else of one after the other. */
	readonly atOnce: boolean;
	/**
	 * Why there are no shadow copies of the volume, a clause such as `it is not on LVM`; undefined when there are.
	 * @param disk whose image they are for
	 * @throws AfterimageError `permission-denied`, `failed`
	 */
	objectionTo(volume: string, disk: DiskDevice): Promise<string | undefined>;
	/**
	 * Makes shadow copies of all the volumes.
	 * @throws AfterimageError `busy`, `no-space`, `not-supported`, `permission-denied`, `failed`, `cancelled`; nothing is left then
	 */
	create(volumes: readonly string[], signal: AbortSignal, tell: SnapshotListener): Promise<ShadowCopies>;
	/**
	 * Writes out what is cached of the volume and keeps everybody else off it. Gives undefined when somebody uses it.
	 * Undefined where volumes are frozen instead, see {@link VolumePort.freeze}.
	 * @throws AfterimageError `permission-denied`, `failed`
	 */
	readonly lock: ((volume: string) => Promise<VolumeLock | undefined>) | undefined;
}

/**
 * Extended attributes of files that are open. Names with their namespaces (`user.comment`), of which each character is a byte.
 */
export interface AttributePort {
	/** Sets one of a file or folder. @returns why it could not be, as the system calls it (`ENOTSUP`) */
	set(fd: number, name: string, value: Uint8Array): string | undefined;
	/** The same of a symbolic link that is open itself (`O_PATH`). */
	setOfLink(fd: number, name: string, value: Uint8Array): string | undefined;
	/** Removes one, where it is there and can be. */
	remove(fd: number, name: string): void;
	has(fd: number, name: string): boolean;
}

/** A folder at which something is mounted that this process serves, in the messages of the kernel's FUSE. */
export interface FolderMount {
	/** Whether the kernel holds modes, owners and access lists against who asks; else only this user gets in, to everything. */
	readonly enforced: boolean;
	/**
	 * The next request of the kernel, valid until the next call; undefined once it was unmounted or closed.
	 * @param isIdle whether this process has nothing else to do, and may wait a moment in its place
	 * @throws Error of the system
	 */
	next(isIdle: () => boolean): Promise<Uint8Array | undefined>;
	/** Answers a request with the bytes of all parts. @returns false when nobody waits for it any more */
	reply(parts: readonly Uint8Array[]): boolean;
	/**
	 * Unmounts. Requests come until the end of it, and have to be answered.
	 * @returns `busy` when somebody still uses it: it is gone from its folder, and ends for them with {@link close}
	 */
	unmount(): Promise<'unmounted' | 'busy' | 'mounted'>;
	/** Ends {@link next}, and what is still open in the folder. A second call does nothing. */
	close(): Promise<void>;
}

/** Mounts that processes serve. They are read-only, and know neither set-user-ID nor devices. */
export interface MountPort {
	/**
	 * @param folder absolute path of an empty folder, without links in it
	 * @param source what is told to be mounted there
	 * @throws AfterimageError `not-supported`, `permission-denied`, `failed`
	 */
	mount(folder: string, source: string): Promise<FolderMount>;
	/** Takes away what a process that has died had mounted at the folder. @returns false when there is no such thing */
	detachDead(folder: string): Promise<boolean>;
}

/** A process, told apart from a later one with the same number. */
export interface ProcessIdentity {
	readonly host: string;
	readonly pid: number;
	/** What differs when the number is used again: on Linux boot id and start time. */
	readonly started: string;
}

export interface ProcessPort {
	self(): ProcessIdentity;
	/** Undefined when it cannot be known: the process belongs to another machine. */
	isAlive(process: ProcessIdentity): boolean | undefined;
}

export interface Clock {
	/** Milliseconds since 1970, UTC. */
	now(): number;
	/** Calls `tick` every `milliseconds` until the returned function is called; does not keep the process alive. */
	every(milliseconds: number, tick: () => void): () => void;
}

export interface Privilege {
	/** Root, or an elevated administrator. */
	readonly elevated: boolean;
	/** Name of this machine. */
	readonly hostName: string;
}
