import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A link in a folder that others may write must not lead this process to another file, nor a pipe make it wait. */
export const ownFileFlags = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export interface SmallFile {
	readonly text: string;
	/** Milliseconds since 1970. */
	readonly modified: number;
}

/**
 * A file of ours in a folder that others may write too.
 * @param most bytes that such a file may have
 * @returns undefined for what is no file, or a larger one
 * @throws Error of the system, also for a link
 */
export function readSmallFile(path: string, most: number): SmallFile | undefined {
	const fd = openSync(path, constants.O_RDONLY | ownFileFlags);
	try {
		const stat = fstatSync(fd);
		if (!stat.isFile() || stat.size > most) return undefined;
		const bytes = Buffer.alloc(stat.size);
		let length = 0;
		for (let count = -1; count !== 0 && length < bytes.length; length += count) {
			count = readSync(fd, bytes, length, bytes.length - length, length);
		}
		return { text: bytes.toString('utf8', 0, length), modified: stat.mtimeMs };
	} finally {
		closeSync(fd);
	}
}
