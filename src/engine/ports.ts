import type { DiskPort } from './ports/disk-port.ts';
import type { MountPort } from './ports/mount-port.ts';
import type { ShrinkPort } from './ports/shrink-port.ts';
import type { SnapshotPort } from './ports/snapshot-port.ts';
import type { VolumePort } from './ports/volume-port.ts';

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
	/** Absent on systems without tools for it. */
	readonly shrinking?: ShrinkPort;
	readonly clock: Clock;
	readonly privilege: Privilege;
}

/**
 * Extended attributes of files that are open, and further names of them. Names with their namespaces (`user.comment`), of which each character is a byte.
 */
export interface AttributePort {
	/** Sets one of a file or folder. @returns why it could not be, as the system calls it (`ENOTSUP`) */
	set(fd: number, name: string, value: Uint8Array): string | undefined;
	/** The same of a symbolic link that is open itself (`O_PATH`). */
	setOfLink(fd: number, name: string, value: Uint8Array): string | undefined;
	/** Removes one, where it is there and can be. */
	remove(fd: number, name: string): void;
	has(fd: number, name: string): boolean;
	/** Makes a further name of a file or link that is open (`O_PATH`). @returns why there is none, as for {@link set} */
	link(fd: number, path: string): string | undefined;
}

/** A process, told apart from a later one with the same number. */
export interface ProcessIdentity {
	readonly host: string;
	readonly pid: number;
	/** What differs when the number is used again: on Linux machine, boot id and start time. */
	readonly started: string;
}

export interface ProcessPort {
	self(): ProcessIdentity;
	/** Undefined when it cannot be known: the process belongs to another machine, maybe of the same name. */
	isAlive(process: ProcessIdentity): boolean | undefined;
}

export interface Clock {
	/** Milliseconds since 1970, UTC, as the computer's clock says: it may be wrong, and set at any time. */
	now(): number;
	/** Milliseconds since some moment, which no setting of the clock changes: for durations, rates and waits. */
	passed(): number;
	/** Calls `tick` every `milliseconds` until the returned function is called; does not keep the process alive. */
	every(milliseconds: number, tick: () => void): () => void;
}

export interface Privilege {
	/** Root, or an elevated administrator. */
	readonly elevated: boolean;
	/** Name of this machine. */
	readonly hostName: string;
}
