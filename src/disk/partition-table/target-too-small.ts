import { AfterimageError } from '../../base/errors.ts';
import { formatBytes } from '../../base/quantity.ts';

/** @param needed bytes that a target must have @param found bytes that it has */
export function targetTooSmall(needed: number, found: number): AfterimageError {
	return new AfterimageError(
		'target-too-small',
		`The target has ${found} bytes (${formatBytes(found)}); ${needed} bytes (${formatBytes(needed)}) are needed`,
		{ advice: 'Choose a target of at least that size.', details: { needed, found } },
	);
}
