import { isAfterimageError } from '../../base/errors.ts';

/**
 * What an error is to the user: that a block of the image is damaged, where a reader of file systems only heard that a read
 * had failed.
 */
export function asImageDamage(error: unknown): unknown {
	return isAfterimageError(error, 'read-error') && isAfterimageError(error.cause, 'image-damaged')
		? error.cause
		: error;
}
