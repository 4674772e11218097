import type { DiskDevice } from './disk-port.ts';

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
