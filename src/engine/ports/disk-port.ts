import type { ByteSink, ByteSource } from '../../base/bytes.ts';

/** A partition node that the system made, for example `/dev/sda1`. Bytes on its disk. */
export interface PartitionNode {
	readonly path: string;
	readonly start: number;
	readonly length: number;
}

/** Where an opened LUKS container lies encrypted. */
export interface EncryptedPlace {
	/** Path of the opened container, as people know it: `/dev/mapper/luks-root`. */
	readonly path: string;
	/** `/dev/sda`; see {@link DiskDevice.path}. */
	readonly disk: string;
	/** Byte of that disk. */
	readonly start: number;
	/** Bytes, the header among them. */
	readonly length: number;
	/** UUID of the container: 32 hex digits. */
	readonly uuid: string;
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
	/** Of an opened LUKS container. */
	readonly encrypted?: EncryptedPlace;
	/** What it holds lies encrypted below it, in whatever layer: an image of it is plain text. */
	readonly isDecrypted?: boolean;
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

/** Maker and model as one text. */
export function fullModel({ vendor, model }: Pick<DiskDevice, 'vendor' | 'model'>): string {
	return [vendor, model].filter((part) => part !== '').join(' ');
}
