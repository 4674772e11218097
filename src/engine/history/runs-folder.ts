import {
	closeSync,
	constants,
	fchmodSync,
	fchownSync,
	fstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	rmSync,
	type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { systemCode } from '../../base/system-code.ts';
import type { Account } from './account.ts';
import type { RunsPlace } from './runs-place.ts';

/** Who may read a file; in a folder that is not {@link RunsFolder.shared} always the owner alone. */
export type Readers = 'owner' | 'everybody';

/** Opens and makes files of the folder of runs, by names without a path. */
export interface RunsFolder {
	/** For people. */
	readonly path: string;
	/** Every user may read what has run: what is fit for all goes to files of its own. */
	readonly shared: boolean;
	list(): string[];
	/** Makes a new file for appending. */
	create(name: string, readers: Readers): number;
	remove(name: string): void;
	close(): void;
}

/**
 * Opens the folder of runs, and makes it when it is not there. In the home of another user root goes from folder to
 * folder by descriptors and follows no link, since that user may exchange any of them at any time.
 */
export function openRunsFolder(place: RunsPlace): RunsFolder {
	return place.owner === undefined ? ownFolder(place) : folderOfUser(place.folder, place.owner);
}

function ownFolder({ folder, shared }: RunsPlace): RunsFolder {
	// What the system's scheduler has run may be seen by everybody; what a user has run, by that user.
	mkdirSync(folder, { recursive: true, mode: shared ? 0o755 : 0o700 });
	const create = (name: string, readers: Readers) =>
		createFile(join(folder, name), shared && readers === 'everybody' ? 0o644 : 0o600);
	return { ...folderAt(folder, folder, create, () => undefined), shared };
}

function folderOfUser(path: string, owner: Account): RunsFolder {
	let fd = openSync(owner.home, constants.O_RDONLY | constants.O_DIRECTORY);
	try {
		checkOwner(fstatSync(fd), owner, owner.home);
		for (const name of path
			.slice(owner.home.length)
			.split('/')
			.filter((part) => part !== '')) {
			const next = descend(fd, name, owner);
			closeSync(fd);
			fd = next;
		}
	} catch (error) {
		closeSync(fd);
		throw error;
	}
	const create = (name: string) => {
		const file = createFile(join(byDescriptor(fd), name), 0o600);
		// The file was made just now, and is ours by its descriptor whatever has become of its name.
		fchownSync(file, owner.uid, owner.gid);
		return file;
	};
	return folderAt(path, byDescriptor(fd), create, () => closeSync(fd));
}

function folderAt(path: string, at: string, create: RunsFolder['create'], close: () => void): RunsFolder {
	return {
		path,
		shared: false,
		list: () => readdirSync(at),
		create,
		remove: (name) => rmSync(join(at, name), { force: true }),
		close,
	};
}

/** Opens a folder in a folder, and makes it for the owner when it is not there. */
function descend(parent: number, name: string, owner: Account): number {
	const path = join(byDescriptor(parent), name);
	let made = false;
	try {
		mkdirSync(path, { mode: 0o700 });
		made = true;
	} catch (error) {
		if (systemCode(error) !== 'EEXIST') throw error;
	}
	const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
	try {
		// What was made just now is empty; anything else under its name was put there by somebody and stays whose it is.
		if (made && fstatSync(fd).uid === 0 && readdirSync(byDescriptor(fd)).length === 0) {
			fchownSync(fd, owner.uid, owner.gid);
			fchmodSync(fd, 0o700);
		}
		checkOwner(fstatSync(fd), owner, name);
		return fd;
	} catch (error) {
		closeSync(fd);
		throw error;
	}
}

function checkOwner(stat: Stats, owner: Account, what: string): void {
	if (stat.uid === owner.uid) return;
	throw new AfterimageError('permission-denied', `${what} does not belong to the user with the number ${owner.uid}`);
}

function createFile(path: string, mode: number): number {
	const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND;
	return openSync(path, flags | (constants.O_NOFOLLOW ?? 0), mode);
}

/** Names in an open folder, whatever has become of its path (proc(5)). */
function byDescriptor(fd: number): string {
	return `/proc/self/fd/${fd}`;
}
