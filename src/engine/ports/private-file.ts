import { fchownSync, fstatSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { openFailure } from './system-errors.ts';

/**
 * Mode of new files that hold what a disk holds: what a file system keeps from other users must not lie open to them in
 * its image. On Windows a new file has the access list of its folder.
 */
export const privateMode = 0o600;

/**
 * Gives a new file that root has made to the owner of its folder: who asked an elevated engine for a backup into a folder of
 * his own can read it without rights. Without effect for others than root, and on file systems without owners.
 * @throws AfterimageError `destination-missing` when the folder has gone meanwhile, `permission-denied`, `failed`
 */
export function giveToFolderOwner(fd: number, path: string): void {
	if (process.getuid?.() !== 0) return;
	const { uid, gid } = statsOf(dirname(path));
	const file = fstatSync(fd);
	if (file.uid === uid && file.gid === gid) return;
	try {
		fchownSync(fd, uid, gid);
	} catch {
		// FAT, and many shares: whom a file belongs to is set where it is mounted.
	}
}

function statsOf(folder: string): Stats {
	try {
		return statSync(folder);
	} catch (error) {
		throw openFailure(error, folder, 'destination-missing');
	}
}
