import { AfterimageError } from '../../../base/errors.ts';
import type { OpenDisk } from '../../ports/disk-port.ts';

/** @param byte of the target: the first that is not what was written there */
export function differs(target: OpenDisk, byte: number): AfterimageError {
	return new AfterimageError(
		'write-error',
		`${target.device.path} does not read back as it was written, at byte ${byte}`,
		{
			advice: 'The target or its connection is faulty. Restore to another disk.',
			details: { target: target.device.path, offset: byte },
		},
	);
}
