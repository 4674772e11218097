import { closeSync, constants, fstatSync, ftruncateSync, lstatSync, openSync, statSync, unlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import type { DiskDevice, ExpectedTarget, OpenDisk } from './disk-port.ts';
import { FdDisk } from './fd-disk.ts';
import { expectFolder } from './expect-path.ts';
import { fileIdentity } from './file-identity.ts';
import { giveToFolderOwner, privateMode } from './private-file.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from './system-errors.ts';

/** What of files node:fs does not have. */
export interface FileCalls {
	/** Flags for the open of a target beside those of POSIX: how it is opened alone where that is the lock. */
	readonly openFlags?: number;
	/** Has a new file take no room for what is never written to it, where that must be asked for. */
	readonly makeSparse?: (fd: number) => void;
	/** Takes the advisory lock of the whole file; false when another process holds it. */
	readonly lock: (fd: number) => boolean;
	/** Makes the range a hole; false when the file system cannot. */
	readonly punchHole: (fd: number, offset: number, length: number) => boolean;
}

/** For systems where neither is bound: no lock beyond the open itself, no holes. */
export const plainFileCalls: FileCalls = { lock: () => true, punchHole: () => false };

/** A raw file as a disk. @param size bytes */
export function describeFile(path: string, size: number, readOnly: boolean): DiskDevice {
	return {
		path: resolve(path),
		kind: 'file',
		size,
		sectorSize: 512,
		physicalSectorSize: 512,
		vendor: '',
		model: 'Raw disk file',
		revision: '',
		serial: '',
		removable: false,
		readOnly,
		number: 0,
		partitions: [],
	};
}

/**
 * The raw file at a path, through links too; undefined for what is no file.
 * @throws AfterimageError `source-missing`, `permission-denied`
 */
export function describeRawFile(path: string): DiskDevice | undefined {
	try {
		const stat = statSync(path, { bigint: true });
		if (!stat.isFile()) return undefined;
		return { ...describeFile(path, Number(stat.size), false), identity: fileIdentity(stat) };
	} catch (error) {
		throw openFailure(error, path, 'source-missing');
	}
}

/** Opens a raw file for reading. @throws AfterimageError `source-missing`, `permission-denied` */
export function openRawSource(path: string, calls: FileCalls): OpenDisk {
	const fd = openOr(path, constants.O_RDONLY, 'source-missing');
	return new FdDisk(fd, describeFile(path, fstatSync(fd).size, false), { discard: calls.punchHole });
}

/**
 * The raw file that was looked at, for writing, or a new sparse one: what has come to be there in the meantime is not
 * written to, nor is what a link leads to that has come to be there, or on the way.
 * @throws AfterimageError `target-in-use` when another process writes it or something else is there by now,
 * `destination-missing`, `permission-denied`
 */
export function openRawTarget(path: string, expected: ExpectedTarget, calls: FileCalls): OpenDisk {
	const full = resolve(path);
	const create = 'createSize' in expected;
	if (create) expectNewFile(full);
	const flags = create ? constants.O_RDWR | constants.O_CREAT | constants.O_EXCL : constants.O_RDWR;
	const fd = openOr(full, flags | (calls.openFlags ?? 0), 'destination-missing');
	try {
		const found = fstatSync(fd, { bigint: true });
		// Of a path nobody knows what it led to a moment ago; of a descriptor that is certain.
		if (!create && fileIdentity(found) !== expected.identity) throw replaced(full);
		if (!calls.lock(fd)) {
			throw new AfterimageError('target-in-use', `${full} is locked by another process`, {
				advice: 'Wait until the other run has ended.',
				details: { path: full },
			});
		}
		if (create) {
			calls.makeSparse?.(fd);
			ftruncateSync(fd, expected.createSize);
			giveToFolderOwner(fd, full);
		}
		const size = create ? expected.createSize : Number(found.size);
		return new FdDisk(fd, describeFile(full, size, false), { discard: calls.punchHole });
	} catch (error) {
		closeSync(fd);
		if (create) unlinkSync(full);
		throw systemCode(error) === undefined ? error : openFailure(error, full, 'destination-missing');
	}
}

/**
 * Holds that a raw file can be made where nothing is.
 * @param path absolute
 * @throws AfterimageError `target-in-use` when something is there by now, `destination-missing`, `permission-denied`
 */
export function expectNewFile(path: string): void {
	if (path.startsWith('/dev/')) {
		throw new AfterimageError('destination-missing', `${path} is not there, and no file is made below /dev`, {
			advice: 'Name an existing device, or a file elsewhere.',
		});
	}
	expectFolder(dirname(path), 'destination-missing');
	if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw appeared(path);
}

/** Closes a raw file that was made, and removes it; what has come to its path since stays. */
export async function removeMade(target: OpenDisk): Promise<void> {
	const { path } = target.device;
	const made = fileIdentity(fstatSync(target.fd, { bigint: true }));
	await target.close();
	const there = lstatSync(path, { bigint: true, throwIfNoEntry: false });
	if (there !== undefined && fileIdentity(there) === made) unlinkSync(path);
}

function replaced(path: string): AfterimageError {
	return new AfterimageError(
		'target-in-use',
		`${path}: expected the file or device that was there when it was checked, found another by now`,
		{
			advice: 'Look at what is there, and who else may write the folders above it; then begin anew.',
			details: { path },
		},
	);
}

function appeared(path: string): AfterimageError {
	return new AfterimageError(
		'target-in-use',
		`${path}: expected nothing there, found what a new file may not replace`,
		{
			advice: 'Look at what has come to be there, a file or a link to nowhere; remove it, or name another target.',
			details: { path },
		},
	);
}

function openOr(path: string, flags: number, missing: 'source-missing' | 'destination-missing'): number {
	try {
		return openSync(path, flags, privateMode);
	} catch (error) {
		throw openFailure(error, path, missing);
	}
}
