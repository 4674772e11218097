import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { openFailure } from '../ports/system-errors.ts';
import { checkToken } from './token.ts';

/**
 * Reads the one-time token from a file, for launchers that hand on no standard input, and removes the file: a token that
 * others could read is not taken and goes too, what is none stays. Only a file that nobody but its owner could read is
 * taken: ours, or for root that of the owner of its private folder.
 * @throws AfterimageError `permission-denied`, `source-missing`, `invalid-argument`
 */
export function readTokenFile(path: string, uid = process.getuid?.()): string {
	let fd: number;
	try {
		fd = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
	} catch (error) {
		throw openFailure(error, path, 'source-missing');
	}
	let isToken = false;
	try {
		const stat = fstatSync(fd);
		if (!stat.isFile()) throw refuse(path, 'a file', 'something else');
		const bytes = Buffer.alloc(256);
		const text = bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0));
		const token = checkToken(text.split(/\r?\n/, 1)[0]!, path);
		isToken = true;
		if (uid !== undefined) {
			if ((stat.mode & 0o077) !== 0) throw refuse(path, 'mode 600', `mode ${(stat.mode & 0o777).toString(8)}`);
			if (stat.uid !== uid) checkFolder(path, stat.uid, uid);
		}
		return token;
	} finally {
		closeSync(fd);
		if (isToken) rmSync(path, { force: true });
	}
}

/**
 * Refuses a meeting place whose folder others may enter: there they could listen in the client's stead.
 * @throws AfterimageError `permission-denied`, `source-missing`
 */
export function checkMeetingPlace(path: string): void {
	if (process.platform === 'win32') return;
	const folder = dirname(path);
	try {
		const stat = lstatSync(folder);
		if (!stat.isDirectory()) throw refuse(folder, 'a folder', 'something else');
		if ((stat.mode & 0o077) !== 0) throw refuse(folder, 'mode 700', `mode ${(stat.mode & 0o777).toString(8)}`);
	} catch (error) {
		throw openFailure(error, folder, 'source-missing');
	}
}

function checkFolder(path: string, owner: number, uid: number): void {
	const folder = lstatSync(dirname(path));
	if (uid === 0 && folder.isDirectory() && folder.uid === owner && (folder.mode & 0o077) === 0) return;
	throw refuse(path, 'a file of this user', `one of the user with the number ${owner}`);
}

function refuse(path: string, expected: string, found: string): AfterimageError {
	return new AfterimageError('permission-denied', `${path}: expected ${expected}, found ${found}`, {
		details: { path, expected, found },
	});
}
