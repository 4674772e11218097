import { close, constants, fstat, open, read, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { checkRange, type ByteSource } from '../base/bytes.ts';
import { AfterimageError } from '../base/errors.ts';
import { systemAdvice } from '../base/system-advice.ts';
import { systemCode } from '../base/system-code.ts';
import { systemPhrase } from '../base/system-phrase.ts';

/** An image file opened for reading. */
export interface ImageFile extends ByteSource {
	close(): Promise<void>;
}

/** How files are opened that others may have put there: a pipe would be waited for until somebody writes to it. */
export const readFlags = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** @throws AfterimageError `read-error` for a pipe, a device or a folder */
export function checkIsFile(path: string, stat: Stats): void {
	if (!stat.isFile()) throw new AfterimageError('read-error', `${path} is no file`, { details: { path } });
}

/**
 * Opens a file.
 * @throws AfterimageError `file-missing`, `permission-denied` or `read-error`
 */
export async function openImageFile(path: string): Promise<ImageFile> {
	let fd: number;
	try {
		fd = await promisify(open)(path, readFlags);
	} catch (cause) {
		throw fileError(path, cause);
	}
	try {
		const stat = await promisify(fstat)(fd);
		checkIsFile(path, stat);
		return new FileSource(path, fd, stat.size);
	} catch (cause) {
		await promisify(close)(fd);
		throw cause instanceof AfterimageError ? cause : fileError(path, cause);
	}
}

class FileSource implements ImageFile {
	readonly size: number;
	readonly #path: string;
	readonly #fd: number;

	constructor(path: string, fd: number, size: number) {
		this.#path = path;
		this.#fd = fd;
		this.size = size;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange(this.#path, offset, target.length, this.size);
		for (let done = 0; done < target.length;) {
			const count = await this.#readOnce(offset + done, target.subarray(done));
			if (count === 0)
				throw new AfterimageError('read-error', `${this.#path} ends at byte ${offset + done}`, {
					advice: 'The file became shorter while it was read.',
					details: { path: this.#path, offset: offset + done, size: this.size },
				});
			done += count;
		}
	}

	async close(): Promise<void> {
		await promisify(close)(this.#fd);
	}

	#readOnce(offset: number, target: Uint8Array): Promise<number> {
		return new Promise((resolve, reject) =>
			read(this.#fd, target, 0, target.length, offset, (cause, count) =>
				cause === null ? resolve(count) : reject(fileError(this.#path, cause)),
			),
		);
	}
}

/** A failed call to the file system as an error of ours. */
export function fileError(path: string, cause: unknown): AfterimageError {
	const code = systemCode(cause);
	const kind =
		code === 'ENOENT' ? 'file-missing' : code === 'EACCES' || code === 'EPERM' ? 'permission-denied' : 'read-error';
	const advice = systemAdvice(code);
	// Node lists a name that is not UTF-8 with other characters, by which nothing is found.
	const named = code !== 'ENOENT' || !path.includes('\ufffd');
	return new AfterimageError(kind, `${path}: ${named ? systemPhrase(cause) : 'its name is not UTF-8'}`, {
		details: { path, ...(code === undefined ? {} : { system: code }) },
		cause,
		...(advice === undefined ? {} : { advice }),
	});
}
