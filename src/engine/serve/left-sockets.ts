import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { systemCode } from '../../base/system-code.ts';

/** Beginning of the name of a folder that is made for a socket; six characters follow. */
export const folderPrefix = 'afterimage-serve-';
const folderName = new RegExp(`^${folderPrefix}[A-Za-z0-9]{6}$`);
/** What the socket in such a folder is called. */
export const socketName = 'nbd';

/** Milliseconds for which nothing is taken for left behind: somebody may be about to listen there. */
const young = 5000;

/**
 * Removes a socket of this user at which nobody listens any more, as of a process that was killed. Never fails.
 * @returns whether it has
 */
export async function removeLeftSocket(path: string): Promise<boolean> {
	try {
		const stat = await lstat(path);
		if (!stat.isSocket() || !isLeft(stat) || !(await isRefused(path))) return false;
		await unlink(path);
		return true;
	} catch {
		return false;
	}
}

/**
 * Removes the folders that were made for sockets and left. Only what is this user's alone is touched, and a folder that has
 * anything else in it stays. Never fails.
 */
export async function sweepLeftFolders(base: string): Promise<void> {
	for (const name of await readdir(base).catch(() => [])) {
		if (!folderName.test(name)) continue;
		const folder = join(base, name);
		try {
			const stat = await lstat(folder);
			if (!stat.isDirectory() || (stat.mode & 0o777) !== 0o700 || !isLeft(stat)) continue;
			await removeLeftSocket(join(folder, socketName));
			await rmdir(folder);
		} catch {
			// It is in use, went meanwhile, or holds something else.
		}
	}
}

function isLeft({ uid, mtimeMs }: { readonly uid: number; readonly mtimeMs: number }): boolean {
	return uid === process.getuid?.() && Date.now() - mtimeMs >= young;
}

function isRefused(path: string): Promise<boolean> {
	return new Promise((done) => {
		const socket = connect(path);
		socket.once('connect', () => {
			socket.destroy();
			done(false);
		});
		socket.once('error', (error) => done(systemCode(error) === 'ECONNREFUSED'));
	});
}
