import { chmod, chown, lstat, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import type { OpenPath } from '../../protocol/rights.ts';
import type { FileRights } from './file-rights.ts';
import { foreignWriter } from './foreign-writers.ts';

/** Rights by owner and mode, where the system has those. */
export const posixRights: FileRights = {
	async openPaths(file) {
		const real = await realpath(file);
		const found: OpenPath[] = [];
		for (const path of new Set([...withFoldersAbove(resolve(file)), ...withFoldersAbove(real)])) {
			const stat = await lstat(path);
			const kind = stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'folder' : 'file';
			const reason = foreignWriter({ mode: stat.mode, uid: stat.uid, kind }, process.getuid!());
			if (reason !== undefined) found.push({ path, reason });
		}
		return found;
	},

	async restrict(paths) {
		for (const { path } of paths) {
			try {
				await restrictOne(path);
			} catch (error) {
				throw new AfterimageError('permission-denied', `The permissions of ${path} cannot be changed`, {
					advice: 'Ask its owner or an administrator, or keep the file elsewhere',
					cause: error,
				});
			}
		}
	},
};

async function restrictOne(path: string): Promise<void> {
	const { mode, uid, gid } = await stat(path);
	if (process.getuid!() === 0 && uid !== 0) await chown(path, 0, gid);
	await chmod(path, mode & 0o7755);
}

function withFoldersAbove(path: string): string[] {
	const folder = dirname(path);
	return folder === path ? [path] : [path, ...withFoldersAbove(folder)];
}
