import { dirname } from 'node:path';
import { AfterimageError } from '../../../base/errors.ts';
import { formatBytes } from '../../../base/quantity.ts';
import type { ManifestDisk } from '../../../image/manifest.ts';
import type { PartitionLoad } from '../../load/load-plan.ts';
import type { DiskDevice } from '../../ports/disk-port.ts';
import type { Ports } from '../../ports.ts';

/**
 * Partition tables and file systems count in sectors; nothing on a disk with other ones would be found again.
 * @throws AfterimageError `not-supported`
 */
export function checkSectors(disk: ManifestDisk, target: DiskDevice): void {
	const sector = disk._geometry.bytes_per_sector;
	if (target.kind === 'file' || target.sectorSize === sector) return;
	throw new AfterimageError(
		'not-supported',
		`${target.path} has sectors of ${target.sectorSize} bytes, the imaged disk has ${sector}`,
		{
			advice: `Restore to a disk with sectors of ${sector} bytes, or to a raw file.`,
			details: { target: target.path, expected: sector, found: target.sectorSize },
		},
	);
}

/** @param what takes one, such as `/dev/sdb1 is a partition and` */
export function onlyPartition(loads: readonly PartitionLoad[], what: string): PartitionLoad {
	if (loads.length === 1) return loads[0]!;
	throw new AfterimageError('invalid-argument', `${what} takes one partition, not ${loads.length}`, {
		advice: 'Choose one with --partition, or name a whole disk as the target.',
	});
}

/** Warnings about the room that a new file has. @throws AfterimageError `no-space` when no file there can be so large */
export async function checkRoom(path: string, size: number, bytes: number, { volumes }: Ports): Promise<string[]> {
	const { free, maxFileSize, fileSystem } = await volumes.placeOf(dirname(path));
	if (maxFileSize !== undefined && size > maxFileSize) {
		throw new AfterimageError(
			'no-space',
			`${path} would have ${size} bytes (${formatBytes(size)}); ${fileSystem} has files of at most ${maxFileSize}`,
			{ advice: 'Restore to a folder of another file system, or to a disk.', details: { path, size, maxFileSize } },
		);
	}
	if (free === undefined || bytes <= free) return [];
	// Some file systems compress.
	return [
		`The restore writes ${bytes} bytes (${formatBytes(bytes)}) to ${path}, where ${free} (${formatBytes(free)}) are free`,
	];
}
