import { statSync } from 'node:fs';
import { AfterimageError, isAfterimageError } from '../../../base/errors.ts';
import type { SetMember } from '../../../image/set/set-member.ts';
import { openFailure } from '../../ports/system-errors.ts';

/** What ended a run in a folder, in words where it is the system's error, with what to do about it where that has gone. */
export function asVanished(cause: unknown, folder: string): unknown {
	const error = isSystemError(cause) ? openFailure(cause, cause.path ?? folder, 'destination-missing') : cause;
	if (!isAfterimageError(error, 'destination-missing') || error.advice !== undefined) return error;
	return new AfterimageError(error.code, `${folder} has gone while it was worked in: ${error.message}`, {
		advice:
			'It was unmounted, renamed or removed. Start again once it is there: earlier files are as they were, and what is left of this run the next one removes.',
		details: error.details,
		cause: error,
	});
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
	return error instanceof Error && 'syscall' in error;
}

/**
 * Holds that the files which a new one stands on are in its folder still: alone it would restore nothing. A disk that is
 * detached leaves an empty folder where it was mounted, which takes files as well.
 * @throws AfterimageError `destination-missing` naming the first that is not there, or is another
 */
export function expectThere(files: readonly SetMember[]): void {
	for (const { path, size } of files) {
		if (sizeOf(path) === size) continue;
		throw new AfterimageError('destination-missing', `${path}, which the backup stands on, is no longer there`, {
			details: { path },
		});
	}
}

function sizeOf(path: string): number | undefined {
	try {
		return statSync(path, { throwIfNoEntry: false })?.size;
	} catch (error) {
		throw openFailure(error, path, 'destination-missing');
	}
}
