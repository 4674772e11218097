import { AfterimageError } from '../../base/errors.ts';
import type { SourcePartition, Sources } from '../../definition/model.ts';
import { normalDiskId, partitionIdentity, type PartitionIdentity } from '../../image/set/partition-identity.ts';
import type { DiskInfo, PartitionInfo } from '../../protocol/disks.ts';
import { runListDisks } from '../jobs/list-disks.ts';
import { logInfo, type JobContext } from '../job-context.ts';
import type { SourceRequest } from '../requests/image.ts';
import { bootPartitions } from '../../protocol/boot-partitions.ts';
import { withLayers } from './running-layers.ts';

/** A disk of this run with those of its partitions that are imaged. */
export interface ResolvedDisk {
	readonly disk: DiskInfo;
	readonly partitions: readonly PartitionInfo[];
}

/**
 * Finds the disks that a definition means, by their ids alone, and their partitions.
 * @throws AfterimageError `source-missing` naming what is not there, `permission-denied` when it may be on a disk that
 * cannot be read
 */
export async function resolveSources(sources: Sources, context: JobContext): Promise<readonly ResolvedDisk[]> {
	const chosen = new Map<string, { disk: DiskInfo; partitions: Set<PartitionInfo> }>();
	const choose = (disk: DiskInfo, partitions: readonly PartitionInfo[]) => {
		const known = chosen.get(disk.path) ?? { disk, partitions: new Set() };
		for (const partition of partitions) known.partitions.add(partition);
		chosen.set(disk.path, known);
	};
	const listed = sources.bootPartitions || sources.disks.length > 0 ? await runListDisks([], context) : [];
	if (sources.bootPartitions) {
		const found = bootPartitions(listed);
		if (found.length === 0) {
			throw missing('The partitions that are required to boot this system are not found', listed, context);
		}
		for (const { disk, partitions } of await withLayers(found, context)) {
			logInfo(context, `Required to boot: ${disk.path}, ${namesOf(partitions)}`);
			choose(disk, partitions);
		}
	}
	for (const wanted of sources.disks) {
		const disk = findDisk(wanted.signature, wanted.model, listed, context);
		const partitions = pickPartitions(disk, wanted.partitions);
		logInfo(context, `Disk ${wanted.signature} is ${disk.path}, ${namesOf(partitions)}`);
		choose(disk, partitions);
	}
	for (const file of sources.rawFiles) {
		const disk = (await runListDisks([file.path], context))[0]!;
		choose(disk, pickPartitions(disk, file.partitions));
	}
	return [...chosen.values()].map(({ disk, partitions }) => ({
		disk,
		partitions: [...partitions].sort((a, b) => a.start - b.start),
	}));
}

/** The sources as the backup job takes them. */
export function sourceRequests(resolved: readonly ResolvedDisk[]): SourceRequest[] {
	return resolved.map(({ disk, partitions }) => ({
		path: disk.path,
		partitions: partitions.map((partition) => partition.number),
	}));
}

/** What backup sets are told by that hold exactly these partitions. */
export function identitiesOf(resolved: readonly ResolvedDisk[]): PartitionIdentity[][] {
	return resolved.map(({ disk, partitions }) =>
		partitions.map((partition) => partitionIdentity(disk.id, partition.start, partition.identity)),
	);
}

function findDisk(
	signature: string,
	model: string | undefined,
	listed: readonly DiskInfo[],
	context: JobContext,
): DiskInfo {
	const found = listed.filter((disk) => disk.id !== '' && normalDiskId(disk.id) === normalDiskId(signature));
	if (found.length === 1) return found[0]!;
	const named = model === undefined || model === '' ? `Disk ${signature}` : `Disk ${signature} (${model})`;
	if (found.length === 0) throw missing(`${named} is not connected`, listed, context);
	throw new AfterimageError(
		'source-missing',
		`${named} cannot be told from its copy: ${found.map((disk) => disk.path).join(' and ')} have the same id`,
		{ advice: 'Disconnect one of them, or give one a new id.', details: { signature } },
	);
}

function missing(what: string, listed: readonly DiskInfo[], { ports }: JobContext): AfterimageError {
	const closed = listed.filter((disk) => disk.needsRights).map((disk) => disk.path);
	if (closed.length === 0) return new AfterimageError('source-missing', what);
	const unless = `${what}, unless on one of these, which may not be read: ${closed.join(', ')}`;
	const windows = process.platform === 'win32';
	if (ports.privilege.elevated) {
		return new AfterimageError('source-missing', unless, {
			advice: `This process is ${windows ? 'administrator' : 'root'} already: a container, or another rule of the system, keeps those disks from it.`,
		});
	}
	return new AfterimageError('permission-denied', unless, {
		advice: windows ? 'Run it as administrator.' : 'Run it as root (sudo).',
	});
}

function pickPartitions(disk: DiskInfo, wanted: readonly SourcePartition[]): readonly PartitionInfo[] {
	if (wanted.length === 0 && disk.partitions.length > 0) return disk.partitions;
	if (wanted.length === 0) throw new AfterimageError('source-missing', `${disk.path} has no partition to image`);
	return wanted.map(({ number, offset, label }) => {
		const found = disk.partitions.find((partition) => partition.number === number);
		const named = `Partition ${number}${label === undefined || label === '' ? '' : ` (${label})`}`;
		if (found === undefined) {
			throw new AfterimageError(
				'source-missing',
				`${named} is not on ${disk.path}; it has ${numbersOf(disk.partitions) || 'none'}`,
				{ details: { disk: disk.path, partition: number } },
			);
		}
		if (offset === undefined || found.start === offset) return found;
		throw new AfterimageError(
			'source-missing',
			`${named} of ${disk.path}: expected its start at byte ${offset}, found ${found.start}`,
			{
				advice: 'The disk was partitioned anew. Choose the partitions of the definition again.',
				details: { disk: disk.path, partition: number, expected: offset, found: found.start },
			},
		);
	});
}

/** `partition 2`, `partitions 1, 2`. */
function namesOf(partitions: readonly PartitionInfo[]): string {
	return `partition${partitions.length === 1 ? '' : 's'} ${numbersOf(partitions)}`;
}

function numbersOf(partitions: readonly PartitionInfo[]): string {
	return partitions.map((partition) => partition.number).join(', ');
}
