import { close, fsync, read, write } from 'node:fs';
import { promisify } from 'node:util';
import { checkRange } from '../../base/bytes.ts';
import { AfterimageError } from '../../base/errors.ts';
import type { DiskDevice, OpenDisk } from './disk-port.ts';
import { readFailure, writeFailure } from './system-errors.ts';

const readAt = promisify(read);
const writeAt = promisify(write);
const syncFd = promisify(fsync);
const closeFd = promisify(close);

/** What differs between a device and a file behind a descriptor. */
export interface FdCalls {
	/** See {@link OpenDisk.discard}. */
	discard(fd: number, offset: number, length: number): boolean;
	/** See {@link OpenDisk.refresh}; absent for files. */
	dropCache?(fd: number): void;
	/** See {@link OpenDisk.rereadPartitions}; absent for files. */
	rereadPartitions?(fd: number): boolean;
}

/** An open descriptor as a disk. Takes over the descriptor. */
export class FdDisk implements OpenDisk {
	readonly fd: number;
	readonly device: DiskDevice;
	readonly #calls: FdCalls;
	#open = true;

	constructor(fd: number, device: DiskDevice, calls: FdCalls) {
		this.fd = fd;
		this.device = device;
		this.#calls = calls;
	}

	get size(): number {
		return this.device.size;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange(`Read of ${this.device.path}`, offset, target.length, this.size);
		let done = 0;
		while (done < target.length) {
			const { bytesRead } = await readAt(this.fd, target, done, target.length - done, offset + done).catch(
				(error: unknown) => {
					throw readFailure(error, this.device.path, offset + done);
				},
			);
			if (bytesRead === 0) {
				throw new AfterimageError(
					'read-error',
					`${this.device.path} ends at byte ${offset + done}: expected ${this.size} bytes`,
					{ details: { path: this.device.path, offset: offset + done, expected: this.size } },
				);
			}
			done += bytesRead;
		}
	}

	async write(offset: number, data: Uint8Array): Promise<void> {
		checkRange(`Write to ${this.device.path}`, offset, data.length, this.size);
		let done = 0;
		while (done < data.length) {
			const { bytesWritten } = await writeAt(this.fd, data, done, data.length - done, offset + done).catch(
				(error: unknown) => {
					throw writeFailure(error, this.device.path, offset + done);
				},
			);
			done += bytesWritten;
		}
	}

	refresh(): void {
		this.#calls.dropCache?.(this.fd);
	}

	async flush(): Promise<void> {
		await syncFd(this.fd).catch((error: unknown) => {
			throw writeFailure(error, this.device.path, 0);
		});
	}

	rereadPartitions(): boolean {
		return this.#calls.rereadPartitions?.(this.fd) ?? true;
	}

	async discard(offset: number, length: number): Promise<boolean> {
		checkRange(`Discard on ${this.device.path}`, offset, length, this.size);
		return length === 0 || this.#calls.discard(this.fd, offset, length);
	}

	async close(): Promise<void> {
		if (!this.#open) return;
		this.#open = false;
		await closeFd(this.fd);
	}
}
