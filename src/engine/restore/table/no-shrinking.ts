import { AfterimageError } from '../../../base/errors.ts';

/** @param why a sentence without its end */
export function noShrinking(why: string, advice = 'Restore without --shrink, to a target that is large enough.') {
	return new AfterimageError('invalid-argument', `${why}, so that no partition can become smaller`, { advice });
}
