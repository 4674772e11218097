import { accessSync, constants } from 'node:fs';
import { AfterimageError, isAfterimageError } from '../../../base/errors.ts';
import type { JobContext } from '../../job-context.ts';
import { expectFolder } from '../../ports/expect-path.ts';
import { openFailure } from '../../ports/system-errors.ts';
import type { Place } from '../../ports/volume-port.ts';

/** What of a disk is imaged; in bytes. */
interface ImagedDisk {
	readonly device: { readonly path: string };
	readonly partitions: readonly { readonly number: number; readonly start: number; readonly length: number }[];
}

/**
 * Checks the folder that is to hold the image: there, writable, and not on a partition that is imaged.
 * @throws AfterimageError `destination-missing`, `permission-denied`, `invalid-argument`
 */
export async function checkDestination(
	folder: string,
	imaged: readonly ImagedDisk[],
	context: JobContext,
): Promise<Place> {
	expectDestination(folder);
	try {
		accessSync(folder, constants.W_OK | constants.X_OK);
	} catch (error) {
		throw openFailure(error, folder, 'destination-missing');
	}
	const place = await context.ports.volumes.placeOf(folder);
	for (const { device, partitions } of imaged) {
		for (const partition of partitions) {
			const on = place.on.some(
				(extent) =>
					extent.disk === device.path &&
					extent.start < partition.start + partition.length &&
					partition.start < extent.start + extent.length,
			);
			if (!on) continue;
			throw new AfterimageError(
				'invalid-argument',
				`${folder} lies on partition ${partition.number} of ${device.path}, which is to be imaged`,
				{
					advice: 'Choose a folder on another partition, or leave this one out of the image.',
					details: { folder, device: device.path, partition: partition.number },
				},
			);
		}
	}
	return place;
}

/** A backup makes no folder: where the disk for it is not attached it would fill the one that has its mount point. */
function expectDestination(folder: string): void {
	try {
		expectFolder(folder, 'destination-missing');
	} catch (error) {
		if (!isAfterimageError(error) || error.details['system'] !== 'ENOENT') throw error;
		throw new AfterimageError(error.code, error.message, {
			advice: error.advice ?? 'Create the folder, or attach the disk that it is on.',
			details: error.details,
			cause: error,
		});
	}
}
