import { readSync, writeSync } from 'node:fs';

/** Reads and writes by position on open descriptors, for worker threads: synchronous. Throws the system's errors. */
export interface PositionalIo {
	/** Bytes read, fewer than asked for at the end of the file or when the system likes; 0 = end. */
	read(fd: number, target: Uint8Array, position: number): number;
	/** Bytes written, perhaps fewer than given. */
	write(fd: number, data: Uint8Array, position: number): number;
	/** Waits before a read that failed is tried again. */
	pause(milliseconds: number): void;
}

const never = new Int32Array(new SharedArrayBuffer(4));

export const systemIo: PositionalIo = {
	read: (fd, target, position) => readSync(fd, target, 0, target.length, position),
	write: (fd, data, position) => writeSync(fd, data, 0, data.length, position),
	pause: (milliseconds) => void Atomics.wait(never, 0, 0, milliseconds),
};
