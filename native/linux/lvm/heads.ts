import { closeSync, constants, openSync, readSync } from 'node:fs';
import { AfterimageError } from '../../../src/base/errors.ts';
import type { FormerBytes } from '../../../src/engine/ports/snapshot-port.ts';
import { openFailure, readFailure } from '../../../src/engine/ports/system-errors.ts';
import { dropDeviceCache } from '../libc.ts';
import type { PlacesOf } from './plan.ts';
import type { LogicalVolume, PhysicalVolume } from './report.ts';

/** More than any physical volume has before its first extent. */
const largestHead = 256 << 20;

/**
 * What lies before the extents of the physical volumes that hold the volumes: label and list of volumes. An image must
 * have the list as it was without the snapshots that it is read from.
 * @throws AfterimageError `read-error`, `permission-denied`, `not-supported`
 */
export function readHeads(
	volumes: readonly LogicalVolume[],
	physical: readonly PhysicalVolume[],
	placesOf: PlacesOf,
): FormerBytes[] {
	const devices = new Set(volumes.flatMap(({ segments }) => segments.flatMap(({ on }) => on?.device ?? [])));
	return physical
		.filter(({ device }) => devices.has(device))
		.flatMap((one) => {
			const bytes = readHead(one);
			return placesOf(one.device).map(({ disk, start }) => ({ disk, start, bytes }));
		});
}

function readHead({ device, extentsStart }: PhysicalVolume): Uint8Array {
	if (extentsStart > largestHead) {
		throw new AfterimageError(
			'not-supported',
			`The extents of ${device} begin at byte ${extentsStart}: expected at most ${largestHead}`,
			{ details: { device, extentsStart } },
		);
	}
	let fd: number;
	try {
		fd = openSync(device, constants.O_RDONLY);
	} catch (error) {
		throw openFailure(error, device, 'source-missing');
	}
	try {
		// LVM writes past what the system has cached of the device.
		dropDeviceCache(fd);
		const bytes = new Uint8Array(extentsStart);
		for (let done = 0; done < bytes.length;) {
			const count = readOnce(fd, bytes, done, device);
			if (count === 0) {
				throw new AfterimageError('read-error', `${device} ends at byte ${done}: expected ${extentsStart} bytes`, {
					details: { path: device, offset: done, expected: extentsStart },
				});
			}
			done += count;
		}
		return bytes;
	} finally {
		closeSync(fd);
	}
}

function readOnce(fd: number, bytes: Uint8Array, at: number, device: string): number {
	try {
		return readSync(fd, bytes, at, bytes.length - at, at);
	} catch (error) {
		throw readFailure(error, device, at);
	}
}
