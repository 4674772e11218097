import { mkdir, readdir, realpath, rmdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import type { MountPort } from '../ports/mount-port.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from '../ports/system-errors.ts';

/** A folder that something can be mounted at. */
export interface MountPoint {
	/** Absolute, without links in it. */
	readonly path: string;
	/** Removes it again where it was made for this. Call it when nothing is mounted there any more. */
	leave(): Promise<void>;
}

/**
 * Finds the folder empty, or makes it. What a process that was killed has left mounted there is taken away.
 * @param onDead is told of that
 * @throws AfterimageError `destination-missing`, `permission-denied`, `invalid-argument` for what is no empty folder
 */
export async function prepareMountPoint(
	folder: string,
	port: MountPort,
	onDead: (path: string) => void,
): Promise<MountPoint> {
	let path = resolve(folder);
	let isMade = false;
	try {
		isMade = await makeFolder(path);
		// A dead mount fails at whatever is asked of it first.
		path = await emptyFolder(path).catch(async (error: unknown) => {
			if (systemCode(error) !== 'ENOTCONN' || !(await port.detachDead(path))) throw error;
			onDead(path);
			return emptyFolder(path);
		});
	} catch (error) {
		if (systemCode(error) === 'ENOTCONN') throw strangeMount(path);
		throw openFailure(error, path, 'destination-missing');
	}
	return { path, leave: async () => void (isMade && (await rmdir(path).catch(() => undefined))) };
}

/** @returns whether it was not there */
async function makeFolder(path: string): Promise<boolean> {
	try {
		await mkdir(path);
		return true;
	} catch (error) {
		if (systemCode(error) === 'EEXIST') return false;
		throw error;
	}
}

/** @returns the path without links */
async function emptyFolder(path: string): Promise<string> {
	const real = await realpath(path);
	const [first] = await readdir(real).catch((error: unknown) => {
		if (systemCode(error) === 'ENOTDIR') {
			throw new AfterimageError('invalid-argument', `${path} is a file, not a folder`, { details: { path } });
		}
		throw error;
	});
	if (first === undefined) return real;
	throw new AfterimageError('invalid-argument', `${path} is not empty: it holds ${first}`, {
		advice: 'Choose an empty folder, or one that is not there yet.',
		details: { path },
	});
}

function strangeMount(path: string): AfterimageError {
	return new AfterimageError('failed', `${path}: what was mounted there has ended without being unmounted`, {
		advice: `Unmount it with umount -l ${path}, or as a user with fusermount3 -u -z ${path}.`,
		details: { path },
	});
}
