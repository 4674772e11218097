import { closeSync, fstatSync, openSync, readSync, realpathSync, type Stats } from 'node:fs';
import { AfterimageError } from '../../base/errors.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from '../../engine/ports/system-errors.ts';
import type { Output } from '../output/output.ts';

/** Longest first line, in bytes: what is read of a device without end. */
const longest = 4096;

/**
 * The first line without its line end of a file, pipe or terminal. Says so when others on this machine can read it.
 * @throws AfterimageError `source-missing`, `permission-denied`, `invalid-argument` when the line is empty or too long
 */
export function passwordFromFile(path: string, output: Output): string {
	let line: string | undefined;
	try {
		const fd = openOrInherited(path);
		try {
			const stat = fstatSync(fd);
			if (stat.isDirectory()) {
				throw new AfterimageError('source-missing', `${path} is a folder, not a file with a password`);
			}
			if (mayHaveReaders(stat)) warnOfReaders(path, output);
			line = firstLine(fd);
		} finally {
			if (fd > 2) closeSync(fd);
		}
	} catch (error) {
		throw openFailure(error, path, 'source-missing');
	}
	if (line === undefined) {
		throw new AfterimageError('invalid-argument', `The first line of ${path} is longer than ${longest} bytes`);
	}
	if (line === '') throw new AfterimageError('invalid-argument', `The first line of ${path} is empty`);
	return line;
}

/** Linux opens no socket by its name, and standard input is one where a program gives it. */
function openOrInherited(path: string): number {
	try {
		return openSync(path, 'r');
	} catch (error) {
		if (systemCode(error) === 'ENXIO' && /^\/dev\/(stdin|fd\/0)$/.test(path)) return 0;
		throw error;
	}
}

/** Neither a socket nor a device has other readers, and a pipe without a name is open to its owner alone. */
function mayHaveReaders(stat: Stats): boolean {
	return process.platform !== 'win32' && (stat.isFile() || stat.isFIFO()) && (stat.mode & 0o077) !== 0;
}

function warnOfReaders(path: string, output: Output): void {
	// The file itself, where standard input was redirected from it.
	const file = realpathSync(path);
	output.event({
		type: 'log',
		level: 'warning',
		message: `Other users may read the password in ${file}`,
		advice: `chmod 600 ${file}`,
	});
}

/** Undefined when it is longer than it may be. */
function firstLine(fd: number): string | undefined {
	const bytes = Buffer.alloc(longest + 2);
	let length = 0;
	while (length < bytes.length && !bytes.subarray(0, length).includes('\n')) {
		const count = readSync(fd, bytes, length, bytes.length - length, null);
		if (count === 0) break;
		length += count;
	}
	const line = bytes.toString('utf8', 0, length).split(/\r?\n/, 1)[0]!;
	return Buffer.byteLength(line) > longest ? undefined : line;
}
