import { dirname } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { formatBytes } from '../../base/quantity.ts';
import type { Chain } from '../../image/chain.ts';
import type { ManifestDisk } from '../../image/manifest.ts';
import { bytesOf, type PartitionLoad } from '../load-plan.ts';
import { expectNewFile } from '../ports/raw-file.ts';
import type { DiskDevice, OpenDisk, Ports } from '../ports.ts';
import type { RestoreRequest } from '../requests.ts';
import { fitPartitions, targetKind } from './choose-target.ts';
import { guardTarget } from './guard-target.ts';
import { noNewIds, randomIds } from './new-ids.ts';
import { planTable } from './plan-table.ts';
import type { RestorePlan } from './restore-plan.ts';
import { checkSize } from './table-plan.ts';

/** What is restored. */
export interface RestoreSource {
	readonly chain: Chain;
	/** Place of the disk in the image. */
	readonly place: number;
	readonly loads: readonly PartitionLoad[];
	/** Paths of all files of the set, also later ones: backups that stand on this one are overwritten by nobody on purpose. */
	readonly images: readonly string[];
}

/** How a target is come by: to be written, or only to be looked at. */
export interface TargetAccess<Made> {
	/** Makes a raw file of so many bytes. */
	create(path: string, size: number): Promise<Made>;
	/** Opens what was checked. @param identity see {@link DiskDevice.identity} */
	open(path: string, identity: string | undefined): Promise<OpenDisk>;
}

/**
 * Checks the target in every way, opens it, and plans what is written around the data. Whoever calls closes the target.
 * @throws AfterimageError whatever can be refused: `target-too-small`, `target-in-use`, `invalid-argument`, …
 */
export async function preparePlan<Made>(
	request: RestoreRequest,
	{ chain, place, loads, images }: RestoreSource,
	access: TargetAccess<Made>,
	ports: Ports,
): Promise<RestorePlan<Made | OpenDisk>> {
	if (request.into !== undefined || request.grow !== undefined) {
		throw new AfterimageError('not-supported', 'Partitions are restored to their own places and lengths');
	}
	const kind = await targetKind(request.target, ports);
	const disk = chain.manifest.disks[place]!;
	const only = request.partitions === undefined ? undefined : loads.map((load) => load.partition._geometry.start);
	const newIds = request.newDiskId ? randomIds(disk) : undefined;
	const tableFor = (targetSize: number) => planTable(disk, chain.disks[place]!, { targetSize, newIds, only });
	if (kind.kind === 'partition' && request.newDiskId) throw noNewIds(`${kind.path} is a partition`);
	if (kind.kind === 'new') {
		const { path } = kind;
		const size = disk._geometry.disk_size;
		// Also makes sure that the table fits before the file is made.
		const table = await tableFor(size);
		expectNewFile(path);
		const warnings = [...table.warnings, ...(await checkRoom(path, size, bytesOf(loads), ports))];
		return { target: await access.create(path, size), path, size, created: true, loads, shift: 0, table, warnings };
	}
	const wholeDisk = kind.kind === 'partition' ? await ports.disks.describe(kind.disk) : kind.device;
	const range = kind.kind === 'partition' ? kind.node : { start: 0, length: wholeDisk.size };
	checkSectors(disk, wholeDisk);
	await guardTarget(wholeDisk, range, images, ports);
	if (kind.kind === 'disk' && request.partitions === undefined) await tableFor(wholeDisk.size);
	// What was checked, by the system's own path to it: one that the user named may lead elsewhere by now.
	const path = kind.kind === 'partition' ? kind.node.path : wholeDisk.path;
	const target = await access.open(path, wholeDisk.identity);
	const common = { target, path: target.device.path, size: target.size, created: false, loads };
	try {
		if (kind.kind === 'partition') {
			const { start, length } = onlyPartition(loads, kind.path).partition._geometry;
			checkSize(length, target.size);
			return { ...common, shift: -start, table: undefined, warnings: [] };
		}
		const fit = request.partitions === undefined ? 'blank' : await fitPartitions(target, loads);
		if (fit === 'table' && request.newDiskId) throw noNewIds(`${target.device.path} keeps its partition table`);
		const table = fit === 'blank' ? await tableFor(target.size) : undefined;
		return { ...common, shift: 0, table, warnings: table?.warnings ?? [] };
	} catch (error) {
		await target.close();
		throw error;
	}
}

/** Partition tables and file systems count in sectors; nothing on a disk with other ones would be found again. */
function checkSectors(disk: ManifestDisk, target: DiskDevice): void {
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

function onlyPartition(loads: readonly PartitionLoad[], path: string): PartitionLoad {
	if (loads.length === 1) return loads[0]!;
	throw new AfterimageError('invalid-argument', `${path} is a partition and takes one, not ${loads.length}`, {
		advice: 'Choose one with --partition, or name a whole disk as the target.',
	});
}

/** Warnings about the room that a new file has. @throws AfterimageError `no-space` when no file there can be so large */
async function checkRoom(path: string, size: number, bytes: number, { volumes }: Ports): Promise<string[]> {
	const { free, maxFileSize, fileSystem } = await volumes.placeOf(dirname(path));
	if (maxFileSize !== undefined && size > maxFileSize) {
		throw new AfterimageError(
			'no-space',
			`${path} would have ${size} bytes (${formatBytes(size)}); ${fileSystem} has files of at most ${maxFileSize}`,
			{ advice: 'Restore to a folder of another file system, or to a disk.', details: { path, size, maxFileSize } },
		);
	}
	if (bytes <= free) return [];
	// Some file systems compress.
	return [
		`The restore writes ${bytes} bytes (${formatBytes(bytes)}) to ${path}, where ${free} (${formatBytes(free)}) are free`,
	];
}
