import { close, constants, existsSync, fchmod, fchown, fstat, futimes, open } from 'node:fs';
import { chmod, lstat, mkdir, realpath, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AfterimageError } from '../../base/errors.ts';
import { openFailure, systemCode } from '../ports/system-errors.ts';
import { asNotTaken } from './not-taken.ts';
import { systemTime } from './system-time.ts';

/** Owner of the folder that was asked for, where what is made is given to him: root extracts into the folder of a user. */
export interface Owner {
	readonly uid: number;
	readonly gid: number;
}

/** What a file system keeps of a file beside its bytes. */
export interface Facts {
	readonly modified: number | undefined;
	readonly mode: number | undefined;
}

/**
 * A folder that files are extracted into. On Linux it is held by its descriptor, so that nobody who may write there can have
 * this process write elsewhere by putting a link in the place of a folder.
 */
export interface TargetFolder {
	/** For messages. */
	readonly path: string;
	readonly owner: Owner | undefined;
	/** Path by which the system finds a name in this folder. */
	at(name: string): string;
	/** Sets what it was in the backup; for a folder that was made. */
	finish(facts: Facts): Promise<void>;
	close(): Promise<void>;
}

/** Modes that are kept: neither setuid nor setgid nor sticky. */
export const permissionBits = 0o777;

const byDescriptor = process.platform === 'linux' && existsSync('/proc/self/fd');

/**
 * Opens the folder that was asked for, through links too, and makes it when it is not there.
 * @throws AfterimageError `destination-missing`, `permission-denied`, `failed`
 */
export async function openTarget(path: string): Promise<TargetFolder> {
	try {
		await mkdir(path, { recursive: true });
		const real = await realpath(path);
		return await folderAt(real, path, 0, true);
	} catch (error) {
		throw openFailure(error, path, 'destination-missing');
	}
}

/**
 * Opens a folder in a folder, and makes it when it is not there. A link is never followed.
 * @throws AfterimageError `write-error` for what is no folder, `no-space`, `permission-denied`, `failed`
 * @throws NotTaken where the file system takes no such name
 */
export async function enterFolder(
	parent: TargetFolder,
	name: string,
	mode: number | undefined,
): Promise<{ readonly folder: TargetFolder; readonly made: boolean }> {
	const path = join(parent.path, name);
	let made = false;
	try {
		try {
			await mkdir(parent.at(name), mode === undefined ? 0o777 : 0o700);
			made = true;
		} catch (error) {
			if (systemCode(error) !== 'EEXIST') throw error;
		}
		return {
			folder: await folderAt(parent.at(name), path, constants.O_NOFOLLOW ?? 0, false, parent.owner, made),
			made,
		};
	} catch (error) {
		if (['ELOOP', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw noFolder(path);
		throw asNotTaken(error) ?? openFailure(error, path, 'destination-missing');
	}
}

async function folderAt(
	at: string,
	path: string,
	flags: number,
	root: boolean,
	owner?: Owner,
	made = false,
): Promise<TargetFolder> {
	if (!byDescriptor) {
		const stat = await lstat(at);
		if (!stat.isDirectory()) throw noFolder(path);
		return {
			path,
			owner: undefined,
			at: (name) => join(at, name),
			async finish({ modified, mode }) {
				if (mode !== undefined && process.platform !== 'win32') await chmod(at, mode & permissionBits);
				if (modified !== undefined) await utimes(at, systemTime(modified), systemTime(modified));
			},
			close: () => Promise.resolve(),
		};
	}
	const fd = await promisify(open)(at, constants.O_RDONLY | constants.O_DIRECTORY | flags);
	try {
		if (made && owner !== undefined) await giveTo(fd, owner);
		return {
			path,
			owner: root ? await ownerOf(fd) : owner,
			at: (name) => `/proc/self/fd/${fd}/${name}`,
			async finish({ modified, mode }) {
				if (mode !== undefined) await promisify(fchmod)(fd, mode & permissionBits);
				if (modified !== undefined) await promisify(futimes)(fd, systemTime(modified), systemTime(modified));
			},
			close: () => promisify(close)(fd),
		};
	} catch (error) {
		await promisify(close)(fd);
		throw error;
	}
}

async function ownerOf(fd: number): Promise<Owner | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const { uid, gid } = await promisify(fstat)(fd);
	return uid === 0 ? undefined : { uid, gid };
}

/** Without effect on file systems without owners. */
export async function giveTo(fd: number, { uid, gid }: Owner): Promise<void> {
	await promisify(fchown)(fd, uid, gid).catch(() => undefined);
}

function noFolder(path: string): AfterimageError {
	return new AfterimageError('write-error', `${path} is no folder`, {
		advice: 'Links are not followed. Choose another folder, or remove what is there.',
		details: { path },
	});
}
