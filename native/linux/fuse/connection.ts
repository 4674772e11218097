import { closeSync, readFileSync, readSync, writeSync, writevSync } from 'node:fs';
import { AfterimageError } from '../../../src/base/errors.ts';
import type { FolderMount } from '../../../src/engine/ports/mount-port.ts';
import { mountOf, parseMountInfo } from '../mount-table.ts';
import { eventDescriptor, waitHere, waitReadable } from './calls.ts';

/** Bytes of the longest request: the kernel wants room for 8 KiB, and one that writes, or forgets, has a few pages. */
const requestBytes = 128 * 1024;

/**
 * Milliseconds that are waited for a request before another thread waits: a program that reads many files has its next
 * request ready within a fraction of that, which is less than it takes to hear from the thread.
 */
const moment = 2;

/** How a mount goes: by the system call, or by the program that is allowed to. */
export type Unmounter = (path: string, lazily: boolean) => Promise<boolean>;

/**
 * One end of /dev/fuse whose other end is mounted. The descriptor does not block, and what waits for it (poll) can be woken:
 * a thread that is stuck in a read would keep this process from ending.
 */
export class FuseConnection implements FolderMount {
	readonly enforced: boolean;
	readonly #fd: number;
	readonly #wake: number;
	/** `0:42`, as the kernel numbers the mount; by it the mount is found though folders above it were renamed. */
	readonly #device: string | undefined;
	readonly #path: string;
	readonly #unmounter: Unmounter;
	readonly #request = new Uint8Array(requestBytes);
	#waiting: Promise<void> | undefined;
	/** The kernel has said that nothing is mounted any more; its number may be that of another mount by now. */
	#gone = false;
	#closed = false;

	/**
	 * @param fd of /dev/fuse, not blocking; closed with the connection
	 * @param path of the folder that was mounted upon
	 * @throws AfterimageError `failed` when there are too few descriptors
	 */
	constructor(fd: number, path: string, enforced: boolean, unmounter: Unmounter) {
		const wake = eventDescriptor();
		if (wake === undefined) throw new AfterimageError('failed', 'Too many files are open to serve a mount');
		this.#fd = fd;
		this.#wake = wake;
		this.enforced = enforced;
		this.#path = path;
		this.#device = mountAt(path)?.device;
		this.#unmounter = unmounter;
	}

	async next(isIdle: () => boolean): Promise<Uint8Array | undefined> {
		while (!this.#closed) {
			const length = this.#read();
			if (length === undefined) {
				this.#gone = true;
				return undefined;
			}
			if (length > 0) return this.#request.subarray(0, length);
			await new Promise((done) => setImmediate(done));
			if (this.#closed) break;
			if (isIdle() && waitHere(moment, this.#fd, this.#wake)) continue;
			this.#waiting = waitReadable(this.#fd, this.#wake);
			await this.#waiting;
		}
		return undefined;
	}

	/** @returns 0 when there is nothing yet, undefined when it was unmounted */
	#read(): number | undefined {
		try {
			return readSync(this.#fd, this.#request, 0, requestBytes, null);
		} catch (error) {
			const { code = '' } = error as NodeJS.ErrnoException;
			// The second is a request that was given up before it was read.
			if (['EAGAIN', 'ENOENT', 'EINTR'].includes(code)) return 0;
			if (['ENODEV', 'ECONNABORTED'].includes(code)) return undefined;
			throw error;
		}
	}

	reply(parts: readonly Uint8Array[]): boolean {
		if (this.#closed) return false;
		try {
			writevSync(this.#fd, [...parts]);
			return true;
		} catch (error) {
			const code = (error as NodeJS.ErrnoException).code ?? '';
			if (['ENOENT', 'ENODEV', 'ECONNABORTED', 'EINTR'].includes(code)) return false;
			throw error;
		}
	}

	async unmount(): Promise<'unmounted' | 'busy' | 'mounted'> {
		const where = () => mountsNow().find(({ device }) => device === this.#device)?.mountPoint;
		const path = where() ?? this.#path;
		if (this.#gone || this.#device === undefined || where() === undefined) return 'unmounted';
		if (await this.#unmounter(path, false)) return 'unmounted';
		if (await this.#unmounter(path, true)) return 'busy';
		return where() === undefined ? 'unmounted' : 'mounted';
	}

	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		writeSync(this.#wake, new Uint8Array(new BigUint64Array([1n]).buffer));
		await this.#waiting;
		closeSync(this.#fd);
		closeSync(this.#wake);
	}
}

function mountsNow() {
	return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** What was mounted last at exactly this path. */
export function mountAt(path: string) {
	const found = mountOf(mountsNow(), path);
	return found?.mountPoint === path ? found : undefined;
}
