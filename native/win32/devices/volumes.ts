import { realpath } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { AfterimageError } from '../../../src/base/errors.ts';
import type { Place, VolumePort, VolumeUse } from '../../../src/engine/ports/volume-port.ts';
import { openFailure } from '../../../src/engine/ports/system-errors.ts';
import { diskNumberOf, diskPath } from './device-path.ts';
import type { VolumeExtent } from './disk-answers.ts';
import { extendedPath, withBackslash } from './extended-path.ts';
import { win32Failure } from '../api/errors.ts';
import * as kernel32 from '../api/kernel32.ts';
import { pagingFiles, systemExtents } from './system-places.ts';
import { extentsOf, fileSystemAt, isRemote, listVolumes, mountPointOf, volumeAt, type Volume } from './volume-list.ts';

/** FAT keeps the length of a file in 32 bits. */
const fatMaxFile = 2 ** 32 - 1;

export const win32Volumes: VolumePort = {
	async usesOf(disk) {
		const number = disk.kind === 'device' ? diskNumberOf(disk.path) : undefined;
		if (number === undefined) return [];
		const system = systemExtents();
		const paging = pagingFiles();
		return listVolumes().flatMap((volume) =>
			volume.extents
				.filter((extent) => extent.diskNumber === number)
				.flatMap((extent) => usesOf(volume, extent, isIn(system, extent), paging)),
		);
	},

	async placeOf(path) {
		const full = await resolved(path);
		const mountPoint = mountPointOf(full);
		if (mountPoint === undefined) throw win32Failure(kernel32.getLastError(), path, 'destination-missing');
		const [free, total] = [new BigUint64Array(1), new BigUint64Array(1)];
		const folder = extendedPath(withBackslash(statSync(full).isDirectory() ? full : mountPoint));
		if (kernel32.getDiskFreeSpace(folder, free, total, null) === 0) {
			throw win32Failure(kernel32.getLastError(), path, 'destination-missing');
		}
		const fileSystem = fileSystemAt(mountPoint)?.name ?? '';
		return {
			fileSystem,
			free: Number(free[0]!),
			total: Number(total[0]!),
			maxFileSize: /^FAT/i.test(fileSystem) ? fatMaxFile : undefined,
			mountPoint,
			on: placesOn(mountPoint),
		};
	},

	settle: async () => undefined,
	canFreeze: () => false,
	freeze: (mountPoint) =>
		Promise.reject(
			new AfterimageError('not-supported', `${mountPoint}: Windows freezes no volumes, it makes shadow copies`),
		),
};

/** A use for each place where the volume is mounted; a volume without one is known by its GUID path. */
function usesOf(volume: Volume, extent: VolumeExtent, system: boolean, paging: readonly string[]): VolumeUse[] {
	const fileSystem = fileSystemAt(volume.name);
	const { start, length } = extent;
	const place = { volume: volume.name, start, length, system };
	const readOnly = fileSystem?.readOnly ?? false;
	// Without a file system that Windows knows nothing can be in use there but the device itself, which the target's lock tells.
	const mounted = fileSystem === undefined ? [] : volume.mountPoints.length > 0 ? volume.mountPoints : [volume.name];
	// Paging files lie in the root directory of a drive.
	const swaps = paging.filter((file) => volume.mountPoints.includes(`${file.slice(0, 2).toUpperCase()}\\`));
	return [
		...mounted.map((at) => ({ ...place, kind: 'mount' as const, at, readOnly, fileSystem: fileSystem?.name ?? '' })),
		...swaps.map((at) => ({ ...place, kind: 'swap' as const, at, readOnly: false, fileSystem: 'swap' })),
	];
}

function isIn(extents: readonly VolumeExtent[], extent: VolumeExtent): boolean {
	return extents.some((one) => one.diskNumber === extent.diskNumber && one.start === extent.start);
}

/** The path without links, junctions and substituted drives; as it is where the file system cannot tell. */
async function resolved(path: string): Promise<string> {
	try {
		return await realpath(path);
	} catch {
		try {
			statSync(path);
			return path;
		} catch (error) {
			throw openFailure(error, path, 'destination-missing');
		}
	}
}

function placesOn(mountPoint: string): Place['on'] {
	if (isRemote(mountPoint)) return [];
	return extentsOf(volumeAt(mountPoint) ?? mountPoint).map(({ diskNumber, start, length }) => ({
		disk: diskPath(diskNumber),
		start,
		length,
	}));
}
