import { resolve } from 'node:path';
import { SubSource } from '../../base/bytes.ts';
import { AfterimageError, isAfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { Partition } from '../../disk/partition-table/layout.ts';
import { recognisePartition } from '../../disk/recognise-partition.ts';
import type { Recognised } from '../../disk/recognise.ts';
import type { DiskInfo, PartitionFlag, PartitionInfo } from '../../protocol/disks.ts';
import { layoutOf } from '../disk-layout.ts';
import type { JobContext } from '../job-context.ts';
import { fullModel, type DiskDevice, type DiskPort, type OpenDisk } from '../ports/disk-port.ts';
import type { VolumeUse } from '../ports/volume-port.ts';

/** The disks of this machine, or those at `paths`, with what their partitions hold as far as it may be read. */
export async function runListDisks(paths: readonly string[], context: JobContext): Promise<DiskInfo[]> {
	const { disks } = context.ports;
	const devices =
		paths.length === 0 ? await disks.list() : await Promise.all(paths.map((path) => describeNamed(path, disks)));
	const result: DiskInfo[] = [];
	for (const device of devices) result.push(await describeDisk(device, paths.length > 0, context));
	return result;
}

/** The disk at a path, or the one that the partition at it is on. */
async function describeNamed(asked: string, disks: DiskPort): Promise<DiskDevice> {
	const parent = await disks.parentOf(asked);
	const path = parent?.disk ?? resolve(asked);
	try {
		return await disks.describe(path);
	} catch (error) {
		if (!isAfterimageError(error, 'source-missing')) throw error;
		throw new AfterimageError('source-missing', `There is no disk ${asked}: ${error.message}`, {
			advice: 'Name a device or a raw disk file; afterimage disks lists the devices of this machine.',
			details: { ...error.details, path },
			cause: error,
		});
	}
}

/** @param named the user asked for this very disk: what keeps it from being read is then an error, not a gap in a list */
async function describeDisk(device: DiskDevice, named: boolean, context: JobContext): Promise<DiskInfo> {
	const uses = await context.ports.volumes.usesOf(device);
	let disk: OpenDisk;
	try {
		disk = await context.ports.disks.openSource(device.path);
	} catch (error) {
		if (named && !isAfterimageError(error, 'permission-denied')) throw error;
		return closedDisk(device, uses, error);
	}
	try {
		const layout = await layoutOf(disk, disk);
		const partitions: PartitionInfo[] = [];
		const unreadable: string[] = [];
		for (const partition of layout.partitions) {
			const here = uses.filter((use) => overlap(use, partition));
			try {
				partitions.push(await describePartition(disk, partition, here, context.signal));
			} catch (error) {
				// A faulty sector must not hide a disk that is all the more in need of an image.
				if (!isAfterimageError(error, 'read-error')) throw error;
				unreadable.push(`Partition ${partition.number}: ${error.message}`);
				partitions.push(describePartitionAs(partition, unread(error.message), here));
			}
		}
		return {
			...common(device),
			sectorSize: layout.sectorSize,
			table: layout.table,
			id: layout.id,
			partitions,
			warnings: [...layout.warnings.map((warning) => warning.message), ...unreadable],
			needsRights: false,
		};
	} catch (error) {
		if (named || !isAfterimageError(error) || error.code === 'cancelled') throw error;
		return closedDisk(device, uses, error);
	} finally {
		await disk.close();
	}
}

async function describePartition(
	disk: OpenDisk,
	partition: Partition,
	uses: readonly VolumeUse[],
	signal: AbortSignal,
): Promise<PartitionInfo> {
	const mounted = uses.filter((use) => use.kind === 'mount');
	const recognised = await recognisePartition(new SubSource(disk, partition.start, partition.length), {
		// What is mounted is always in use on the disk; whether it can be imaged is decided, and said, when it is.
		frozen: mounted.length > 0,
		signal,
		partitionTypeId: partition.typeId,
	});
	return describePartitionAs(partition, recognised, uses);
}

/** What is known of a file system that cannot be read. */
function unread(reason: string): Recognised {
	return { type: '', label: '', uuid: '', identity: '', wholeReason: reason, amiss: true };
}

function describePartitionAs(partition: Partition, recognised: Recognised, uses: readonly VolumeUse[]): PartitionInfo {
	const wholeReason = partition.wholeReason ?? recognised.wholeReason;
	return {
		number: partition.number,
		start: partition.start,
		length: partition.length,
		typeName: partition.typeName,
		name: partition.name,
		fileSystem: recognised.type,
		label: recognised.label,
		uuid: recognised.uuid,
		identity: recognised.identity,
		clusterSize: recognised.fileSystem?.info.clusterSize ?? 0,
		used: wholeReason === undefined ? recognised.fileSystem?.info.used : undefined,
		mountedAt: mountPoints(uses),
		flags: flagsOf(partition, recognised, uses),
		wholeReason,
		...volumesOf(recognised),
	};
}

function volumesOf({ fileSystem }: Recognised): Pick<PartitionInfo, 'volumes'> {
	if (fileSystem?.volumes === undefined) return {};
	return {
		volumes: fileSystem.volumes.map(({ name, type, label, size, used, wholeReason }) => ({
			name,
			fileSystem: type,
			label,
			size,
			used: wholeReason === undefined ? used : undefined,
			wholeReason,
		})),
	};
}

/** Where it can be reached; a volume of Windows that is mounted nowhere is known by its own name alone. */
function mountPoints(uses: readonly VolumeUse[]): string[] {
	return uses.filter((use) => use.kind === 'mount' && !use.at.startsWith('\\\\?\\Volume{')).map((use) => use.at);
}

function flagsOf(partition: Partition, recognised: Recognised, uses: readonly VolumeUse[]): PartitionFlag[] {
	const flags: [PartitionFlag, boolean][] = [
		['boot', uses.some((use) => use.at === '/boot') || partition.typeName === 'BIOS boot'],
		['system', uses.some((use) => use.system)],
		['efi', partition.typeName === 'EFI system'],
		['reserved', partition.typeName === 'Microsoft reserved'],
		['recovery', partition.typeName === 'Windows recovery'],
		['active', partition.active],
		['hidden', partition.hidden],
		['encrypted', /^(LUKS|BitLocker)/.test(recognised.type)],
		['swap', recognised.type === 'swap'],
	];
	return flags.filter(([, set]) => set).map(([flag]) => flag);
}

/** What the system tells of a disk that cannot be opened. */
function closedDisk(device: DiskDevice, uses: readonly VolumeUse[], error: unknown): DiskInfo {
	const needsRights = isAfterimageError(error, 'permission-denied');
	const bare = uses.length > 0 ? [{ path: device.path, start: 0, length: device.size }] : [];
	const nodes = device.partitions.length > 0 ? device.partitions : bare;
	return {
		...common(device),
		sectorSize: device.sectorSize,
		table: 'none',
		id: '',
		partitions: nodes.map((node, i) => ({
			number: Number(/\d+$/.exec(node.path)?.[0] ?? i + 1),
			start: node.start,
			length: node.length,
			typeName: '',
			name: '',
			fileSystem: '',
			label: '',
			uuid: '',
			identity: '',
			clusterSize: 0,
			used: undefined,
			mountedAt: mountPoints(uses.filter((use) => overlap(use, node))),
			flags: uses.some((use) => use.system && overlap(use, node)) ? (['system'] as const) : [],
			wholeReason: undefined,
		})),
		warnings: needsRights ? [] : [toErrorRecord(error).message],
		needsRights,
	};
}

function common(device: DiskDevice) {
	return {
		path: device.path,
		kind: device.kind,
		number: device.number,
		model: fullModel(device),
		serial: device.serial,
		size: device.size,
		readOnly: device.readOnly,
		removable: device.removable,
	};
}

function overlap(a: { start: number; length: number }, b: { start: number; length: number }): boolean {
	return a.start < b.start + b.length && b.start < a.start + a.length;
}
