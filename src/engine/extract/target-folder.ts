import { close, constants, existsSync, fstat, open } from 'node:fs';
import { lstat, mkdir, opendir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AfterimageError } from '../../base/errors.ts';
import type { FileOwner } from '../../disk/files.ts';
import { makeFolders } from '../ports/make-folders.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from '../ports/system-errors.ts';
import { giveTo, type Facts, type FactSetter } from './fact-setter.ts';
import { asNotTaken } from './not-taken.ts';

/**
 * A folder that files are extracted into. On Linux it is held by its descriptor, so that nobody who may write there can have
 * this process write elsewhere by putting a link in the place of a folder.
 */
export interface TargetFolder {
	/** For messages. */
	readonly path: string;
	/**
	 * Owner of the folder that was asked for, where what is made is given to him unless the backup says whose it is: root
	 * extracts into the folder of a user.
	 */
	readonly owner: FileOwner | undefined;
	/** Whether what is made in it gets an access list from it. */
	readonly givesList: boolean;
	/** Path by which the system finds a name in this folder. */
	at(name: string): string;
	/** The same for as long as the folder that was asked for is open, through whatever lies between by then. */
	later(name: string): string;
	/** Sets what it was in the backup; for a folder that was made. */
	finish(facts: Facts): Promise<void>;
	close(): Promise<void>;
}

const byDescriptor = process.platform === 'linux' && existsSync('/proc/self/fd');

/**
 * Opens the folder that was asked for, through links too, and makes it when it is not there.
 * @throws AfterimageError `destination-missing`, `permission-denied`, `failed`
 */
export async function openTarget(path: string, setter: FactSetter): Promise<TargetFolder> {
	try {
		await makeFolders(path);
		const real = await realpath(path);
		if (!byDescriptor) return await folderByPath(real, path, setter);
		return await folderByDescriptor(
			real,
			path,
			0,
			async (fd) => {
				const at = (name: string) => pathIn(fd, name);
				return { owner: await ownerOf(fd), givesList: setter.hasDefaultList(fd), later: at };
			},
			setter,
		);
	} catch (error) {
		throw openFailure(error, path, 'destination-missing');
	}
}

/**
 * Opens a folder in a folder, and makes it when it is not there. A link is never followed.
 * @param facts of the folder in the backup
 * @throws AfterimageError `write-error` for what is no folder, `no-space`, `permission-denied`, `failed`
 * @throws NotTaken where the file system takes no such name
 */
export async function enterFolder(
	parent: TargetFolder,
	name: string,
	{ mode, owner }: Pick<Facts, 'mode' | 'owner'>,
	setter: FactSetter,
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
		if (!byDescriptor) return { folder: await folderByPath(parent.at(name), path, setter), made };
		const folder = await folderByDescriptor(
			parent.at(name),
			path,
			constants.O_NOFOLLOW ?? 0,
			async (fd) => {
				// Whoever may write in the parent may have put somebody's folder in its place, whose owner and rights stay.
				made &&= await isEmpty(fd);
				if (made && parent.owner !== undefined && !setter.keepsOwner(owner)) await giveTo(fd, parent.owner);
				const clean = made && mode !== undefined && parent.givesList;
				if (clean) setter.removeLists(fd);
				const givesList = made ? parent.givesList && !clean : setter.hasDefaultList(fd);
				return { owner: parent.owner, givesList, later: (inner) => join(parent.later(name), inner) };
			},
			setter,
		);
		return { folder, made };
	} catch (error) {
		if (['ELOOP', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw noFolder(path);
		throw asNotTaken(error) ?? openFailure(error, path, 'destination-missing');
	}
}

async function isEmpty(fd: number): Promise<boolean> {
	const folder = await opendir(pathIn(fd, '.'));
	try {
		return (await folder.read()) === null;
	} finally {
		await folder.close();
	}
}

async function folderByPath(at: string, path: string, setter: FactSetter): Promise<TargetFolder> {
	const stat = await lstat(at);
	if (!stat.isDirectory()) throw noFolder(path);
	return {
		path,
		owner: undefined,
		givesList: false,
		at: (name) => join(at, name),
		later: (name) => join(at, name),
		finish: (facts) => setter.setByPath(at, facts),
		close: () => Promise.resolve(),
	};
}

/** @param begin is given the descriptor before anything is written into the folder */
async function folderByDescriptor(
	at: string,
	path: string,
	flags: number,
	begin: (fd: number) => Promise<Pick<TargetFolder, 'owner' | 'givesList' | 'later'>>,
	setter: FactSetter,
): Promise<TargetFolder> {
	const fd = await promisify(open)(at, constants.O_RDONLY | constants.O_DIRECTORY | flags);
	try {
		const begun = await begin(fd);
		return {
			path,
			...begun,
			at: (name) => pathIn(fd, name),
			finish: (facts) => setter.set(fd, facts, begun.owner),
			close: () => promisify(close)(fd),
		};
	} catch (error) {
		await promisify(close)(fd);
		throw error;
	}
}

function pathIn(fd: number, name: string): string {
	return `/proc/self/fd/${fd}/${name}`;
}

async function ownerOf(fd: number): Promise<FileOwner | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const { uid, gid } = await promisify(fstat)(fd);
	return uid === 0 ? undefined : { uid, gid };
}

function noFolder(path: string): AfterimageError {
	return new AfterimageError('write-error', `${path} is no folder`, {
		advice: 'Links are not followed. Choose another folder, or remove what is there.',
		details: { path },
	});
}
