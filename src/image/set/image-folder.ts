import { closeSync, fstatSync, openSync, readSync, readdir } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ByteSource } from '../../base/bytes.ts';
import { AfterimageError } from '../../base/errors.ts';
import { checkIsFile, fileError, openImageFile, readFlags, type ImageFile } from '../file-source.ts';

/** A folder that may hold backup sets. */
export interface ImageFolder {
	/** Names of its files, without the folder's path. */
	list(): Promise<string[]>;
	/** The last `length` bytes of a file, or all of it when it is shorter, and its size. */
	tail(name: string, length: number): Promise<{ readonly size: number; readonly bytes: Uint8Array }>;
	open(name: string): Promise<ImageFile>;
	/** Path of a file, for messages and `file_history`. */
	pathOf(name: string): string;
}

/** A folder of the file system. */
export function openImageFolder(path: string): ImageFolder {
	return {
		async list() {
			try {
				const entries = await promisify(readdir)(path, { withFileTypes: true });
				return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
			} catch (cause) {
				throw fileError(path, cause);
			}
		},
		tail: async (name, length) => readTailSync(join(path, name), length),
		open: (name) => openImageFile(join(path, name)),
		pathOf: (name) => join(path, name),
	};
}

/**
 * Four system calls in a row: through the thread pool each would cost more than all four, and a folder may have ten
 * thousand files.
 */
function readTailSync(path: string, length: number): { size: number; bytes: Uint8Array } {
	let fd: number | undefined;
	try {
		fd = openSync(path, readFlags);
		const stat = fstatSync(fd);
		checkIsFile(path, stat);
		const { size } = stat;
		const bytes = Buffer.allocUnsafe(Math.min(length, size));
		const count = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
		if (count !== bytes.length)
			throw new AfterimageError('read-error', `${path}: expected ${bytes.length} bytes at its end, found ${count}`);
		return { size, bytes };
	} catch (cause) {
		throw cause instanceof AfterimageError ? cause : fileError(path, cause);
	} finally {
		if (fd !== undefined) closeSync(fd);
	}
}

/** Serves the end of a file from memory and opens the file only when something before it is asked for. */
export class TailSource implements ByteSource {
	readonly size: number;
	readonly #bytes: Uint8Array;
	readonly #open: () => Promise<ImageFile>;

	constructor(size: number, bytes: Uint8Array, open: () => Promise<ImageFile>) {
		this.size = size;
		this.#bytes = bytes;
		this.#open = open;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		const from = offset - (this.size - this.#bytes.length);
		if (from >= 0 && from + target.length <= this.#bytes.length) {
			target.set(this.#bytes.subarray(from, from + target.length));
			return;
		}
		const file = await this.#open();
		try {
			await file.read(offset, target);
		} finally {
			await file.close();
		}
	}
}
