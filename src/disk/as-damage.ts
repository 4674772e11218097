import { isAfterimageError, type AfterimageError } from '../base/errors.ts';

/**
 * Damage of a structure as a value, for a driver that describes the volume none the less and stores it whole.
 * @throws whatever else was thrown
 */
export function asDamage(error: unknown): AfterimageError {
	if (isAfterimageError(error, 'structure-damaged')) return error;
	throw error;
}
