import { AfterimageError, isAfterimageError } from '../../base/errors.ts';

/**
 * What an error is to the user: that a block of the image is damaged, where a reader of file systems only heard that a read
 * had failed; and that the image holds a damaged file system, where its blocks are as they were imaged.
 */
export function asImageDamage(error: unknown): unknown {
	if (isAfterimageError(error, 'read-error') && isAfterimageError(error.cause, 'image-damaged')) return error.cause;
	if (!isAfterimageError(error, 'structure-damaged')) return error;
	return new AfterimageError('image-damaged', error.message, {
		advice:
			error.advice ??
			'It was imaged as it is. Restore it to a raw file and repair it there with the tools of its file system.',
		details: error.details,
		cause: error,
	});
}
