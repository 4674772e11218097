import { AfterimageError } from '../../../base/errors.ts';
import { formatBytes } from '../../../base/quantity.ts';
import type { ConfirmedDisk } from '../../../protocol/restore.ts';
import { fullModel, type DiskDevice } from '../../ports/disk-port.ts';

/**
 * Holds that a disk is the one that was confirmed: a disk that is attached anew may have the name of another by then.
 * @throws AfterimageError `target-in-use`
 */
export function expectConfirmed(device: DiskDevice, confirmed: ConfirmedDisk): void {
	const found = { model: fullModel(device), serial: device.serial, size: device.size };
	if (found.model === confirmed.model && found.serial === confirmed.serial && found.size === confirmed.size) return;
	throw new AfterimageError(
		'target-in-use',
		`${device.path}: expected the disk that was confirmed, ${inWords(confirmed)}; found ${inWords(found)}`,
		{
			advice: 'Disks were attached or taken away meanwhile: look which is which, and begin anew.',
			details: { path: device.path },
		},
	);
}

function inWords({ model, serial, size }: ConfirmedDisk): string {
	return [model, serial, formatBytes(size)].filter((part) => part !== '').join(', ');
}
