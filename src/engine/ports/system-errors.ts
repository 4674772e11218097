import { existsSync } from 'node:fs';
import { AfterimageError, type ErrorCode } from '../../base/errors.ts';
import { systemAdvice } from '../../base/system-advice.ts';
import { systemCode } from '../../base/system-code.ts';
import { systemPhrase } from '../../base/system-phrase.ts';

/** There was something, a share or the program behind a FUSE file system too, and it has gone. */
const goneCodes: ReadonlySet<string | undefined> = new Set([
	'ENOENT',
	'ESTALE',
	'ENODEV',
	'ENOLINK',
	'ENOTCONN',
	'ECONNABORTED',
]);

const openCodes: Partial<Record<string, ErrorCode>> = {
	EACCES: 'permission-denied',
	EPERM: 'permission-denied',
	EROFS: 'permission-denied',
	EBUSY: 'target-in-use',
	ENOSPC: 'no-space',
	EDQUOT: 'no-space',
};

/**
 * A path that could not be opened, looked at or made.
 * @param missing the code for a path that is not there
 * @param root as in {@link systemAdvice}
 * @param windows as there
 */
export function openFailure(
	error: unknown,
	path: string,
	missing: 'source-missing' | 'destination-missing' | 'file-missing',
	root = process.getuid?.() === 0,
	windows = process.platform === 'win32',
): AfterimageError {
	if (error instanceof AfterimageError) return error;
	const system = systemCode(error);
	const unreached = windows && system === 'UNKNOWN';
	const gone =
		unreached || goneCodes.has(system) || system === 'ENOTDIR' || system === 'ENXIO' || system === 'ENOMEDIUM';
	const code = gone ? missing : (openCodes[system ?? ''] ?? 'failed');
	const advice = systemAdvice(system, root, windows) ?? (windows ? reachAdvice(system, path) : undefined);
	return new AfterimageError(code, `${path}: ${unreached ? 'Windows cannot reach it' : systemPhrase(error)}`, {
		details: { path, ...(system === undefined ? {} : { system }) },
		cause: error,
		...(advice === undefined ? {} : { advice }),
	});
}

/**
 * Of a path that is not there on Windows. Node has no name (`UNKNOWN`) for a server that is off, a share that is not
 * there or refuses the account, a drive without its medium, and a locked one.
 */
function reachAdvice(system: string | undefined, path: string): string | undefined {
	if (system === 'UNKNOWN') {
		return 'Look whether the server or drive is on and connected, has its medium, is unlocked, and lets this account in.';
	}
	const drive = /^[A-Za-z]:(?=[\\/])/.exec(path)?.[0];
	if (system !== 'ENOENT' || drive === undefined || existsSync(`${drive}\\`)) return undefined;
	return (
		`There is no drive ${drive} here. One that you have connected to a share is not there for programs with ` +
		'administrator rights and for scheduled tasks: name the share itself (\\\\server\\share\\folder).'
	);
}

/** @param offset byte of the file or device at `path` */
export function readFailure(error: unknown, path: string, offset: number): AfterimageError {
	return new AfterimageError('read-error', `${path} cannot be read at byte ${offset}: ${systemPhrase(error)}`, {
		details: { path, offset },
		cause: error,
	});
}

const writeAdvice: Partial<Record<string, string>> = {
	EROFS: 'A system makes a file system read-only when it finds errors there: check it, or choose another path.',
	EUCLEAN: 'Check that file system (fsck), or choose another path.',
	EIO: 'The medium or its connection fails: check it, or choose another path.',
};

/**
 * A write that failed, or a sync or close that tells of one.
 * @param offset byte of the file or device at `path`
 * @returns `no-space`, `destination-missing` for what has gone, else `write-error`
 */
export function writeFailure(error: unknown, path: string, offset: number): AfterimageError {
	const system = systemCode(error);
	if (system === 'ENOSPC' || system === 'EDQUOT') return noSpace(path, error, system === 'EDQUOT');
	if (system === 'EFBIG') {
		return new AfterimageError(
			'no-space',
			`${path} cannot grow beyond byte ${offset}: its file system allows no larger file`,
			{
				details: { path, offset },
				advice: 'Set a smaller file size with --split.',
				cause: error,
			},
		);
	}
	const advice = writeAdvice[system ?? ''];
	return new AfterimageError(
		goneCodes.has(system) ? 'destination-missing' : 'write-error',
		`${path} cannot be written at byte ${offset}: ${systemPhrase(error)}`,
		{ details: { path, offset }, cause: error, ...(advice === undefined ? {} : { advice }) },
	);
}

function noSpace(path: string, cause: unknown, quota: boolean): AfterimageError {
	return new AfterimageError('no-space', `${path}: ${quota ? 'the quota is used up' : 'the file system is full'}`, {
		advice:
			`${quota ? 'Have it raised, free' : 'Free'} some space there or choose another folder. ` +
			'Nothing of this run was kept; earlier files are unchanged.',
		details: { path },
		cause,
	});
}
