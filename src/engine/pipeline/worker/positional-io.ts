import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { readFlags } from '../../../image/file-source.ts';

/** Reads and writes by position on descriptors, for worker threads: synchronous. Throws the system's errors. */
export interface PositionalIo {
	/** Opens a file for reading; its size in bytes. */
	open(path: string): { readonly fd: number; readonly size: number };
	close(fd: number): void;
	/** Bytes read, fewer than asked for at the end of the file or when the system likes; 0 = end. */
	read(fd: number, target: Uint8Array, position: number): number;
	/** Bytes written, perhaps fewer than given. */
	write(fd: number, data: Uint8Array, position: number): number;
	/** Waits before a read that failed is tried again. */
	pause(milliseconds: number): void;
}

const never = new Int32Array(new SharedArrayBuffer(4));

export const systemIo: PositionalIo = {
	open(path) {
		const fd = openSync(path, readFlags);
		try {
			return { fd, size: fstatSync(fd).size };
		} catch (error) {
			closeSync(fd);
			throw error;
		}
	},
	close: closeSync,
	read: (fd, target, position) => readSync(fd, target, 0, target.length, position),
	write: (fd, data, position) => writeSync(fd, data, 0, data.length, position),
	pause: (milliseconds) => void Atomics.wait(never, 0, 0, milliseconds),
};
