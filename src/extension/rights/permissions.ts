import { chmod, chown, lstat, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import type { OpenPath } from '../../protocol/rights.ts';
import { foreignWriter } from './foreign-writers.ts';
import { windowsRights } from '../engine/windows-rights.ts';

/**
 * What of a file and the folders above it others than the user and administrators may write: whoever may, decides what
 * the file says when it is used. Empty when nobody else may.
 */
export async function openPaths(file: string): Promise<readonly OpenPath[]> {
	if (process.platform === 'win32') return windowsRights().openPaths(resolve(file));
	const real = await realpath(file);
	const found: OpenPath[] = [];
	for (const path of new Set([...withFoldersAbove(resolve(file)), ...withFoldersAbove(real)])) {
		const stat = await lstat(path);
		const kind = stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'folder' : 'file';
		const reason = foreignWriter({ mode: stat.mode, uid: stat.uid, kind }, process.getuid!());
		if (reason !== undefined) found.push({ path, reason });
	}
	return found;
}

/**
 * Takes from others the right to write these paths; root also takes over what is another's.
 * @throws AfterimageError `permission-denied` when the user may not do that
 */
export async function restrict(paths: readonly OpenPath[]): Promise<void> {
	if (process.platform === 'win32') return windowsRights().restrict(paths.map(({ path }) => path));
	for (const { path } of paths) {
		try {
			await restrictOnPosix(path);
		} catch (error) {
			throw new AfterimageError('permission-denied', `The permissions of ${path} cannot be changed`, {
				advice: 'Ask its owner or an administrator, or keep the file elsewhere',
				cause: error,
			});
		}
	}
}

async function restrictOnPosix(path: string): Promise<void> {
	const { mode, uid, gid } = await stat(path);
	if (process.getuid!() === 0 && uid !== 0) await chown(path, 0, gid);
	await chmod(path, mode & 0o7755);
}

function withFoldersAbove(path: string): string[] {
	const folder = dirname(path);
	return folder === path ? [path] : [path, ...withFoldersAbove(folder)];
}
