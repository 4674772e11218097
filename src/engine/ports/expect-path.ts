import { statSync, type Stats } from 'node:fs';
import { AfterimageError } from '../../base/errors.ts';
import { openFailure } from './system-errors.ts';

type Missing = 'source-missing' | 'destination-missing';

/**
 * Holds that a path is that of a folder.
 * @param missing the code for a path where there is none
 * @throws AfterimageError `missing`, `permission-denied`
 */
export function expectFolder(path: string, missing: Missing): void {
	const stat = look(path, missing);
	if (stat.isDirectory()) return;
	throw new AfterimageError(missing, `${path} is ${kindOf(stat)}, not a folder`, { details: { path } });
}

/** Holds that a path is that of a file that may be an image. @throws AfterimageError `source-missing`, `permission-denied` */
export function expectImageFile(path: string): void {
	const stat = look(path, 'source-missing');
	if (stat.isFile()) return;
	throw new AfterimageError('source-missing', `${path} is ${kindOf(stat)}, not an image file`, {
		details: { path },
		...(stat.isDirectory() ? { advice: `Name one of its images; afterimage sets ${path} lists them.` } : {}),
	});
}

/** Whether a path is that of a folder; not so where it cannot be looked at, which is told by who opens it. */
export function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}

function look(path: string, missing: Missing): Stats {
	try {
		return statSync(path);
	} catch (error) {
		throw openFailure(error, path, missing);
	}
}

function kindOf(stat: Stats): string {
	if (stat.isDirectory()) return 'a folder';
	if (stat.isFile()) return 'a file';
	return stat.isFIFO() ? 'a pipe' : stat.isSocket() ? 'a socket' : 'a device';
}
