import { closeSync, constants, openSync } from 'node:fs';
import { AfterimageError, isAfterimageError } from '../../../src/base/errors.ts';
import type { DiskDevice, DiskPort, OpenDisk, PartitionNode } from '../../../src/engine/ports/disk-port.ts';
import type { FdCalls } from '../../../src/engine/ports/fd-disk.ts';
import { describeFile, describeRawFile, openRawSource, openRawTarget } from '../../../src/engine/ports/raw-file.ts';
import { openFailure } from '../../../src/engine/ports/system-errors.ts';
import { codes } from './control-codes.ts';
import { control } from './device-handle.ts';
import * as names from './device-path.ts';
import { diskNumbers, queryDisk, queryLength, querySectorSize } from './disk-queries.ts';
import { protectedAdvice } from '../api/errors.ts';
import { handleOf } from '../api/node-exe.ts';
import { openAlone, win32FileCalls } from './raw-files.ts';
import { patiently } from './patience.ts';
import { SectorDisk } from './sector-disk.ts';
import { trim } from './trim.ts';
import { extentsOf } from './volume-list.ts';
import { lockAndDismount, lockVolumesOf } from './volume-locks.ts';

type Missing = 'source-missing' | 'destination-missing';
type Parent = { readonly disk: string; readonly node: PartitionNode };

export const win32Disks: DiskPort = {
	locksVolumes: true,

	async list() {
		return diskNumbers().flatMap((number) => {
			try {
				const disk = queryDisk(number);
				return disk.size > 0 ? [disk] : [];
			} catch (error) {
				// A card reader without a card, or what makes no sense, hides no other disk.
				if (isAfterimageError(error)) return [];
				throw error;
			}
		});
	},

	async describe(path) {
		const number = names.diskNumberOf(path);
		if (number !== undefined) return queryDisk(number);
		if (names.isDevicePath(path)) return describeVolume(path);
		return rawFileAt(path);
	},

	async parentOf(path) {
		return parentOf(path);
	},

	async openSource(path) {
		if (!names.isDevicePath(path)) {
			rawFileAt(path);
			return openRawSource(path, win32FileCalls);
		}
		const fd = openOr(path, constants.O_RDONLY, 'source-missing');
		return opened(
			fd,
			() => {
				// A mounted volume or shadow copy would end with its file system, before the partition does.
				if (names.diskNumberOf(path) === undefined) control(handleOf(fd), codes.allowExtendedDasdIo, null, 0);
				return win32Disks.describe(path);
			},
			volumeCalls,
			() => undefined,
		);
	},

	async openTarget(path, expected) {
		const parent = parentOf(path);
		if (parent !== undefined) return openPartitionTarget(path, parent);
		const number = names.diskNumberOf(path);
		if (number !== undefined) return openDiskTarget(number);
		if (/^[\\/]{2}[.?][\\/](?![a-z]:[\\/]|UNC[\\/])/i.test(path)) {
			throw new AfterimageError('destination-missing', `${path} is neither a disk nor a file`, {
				advice: 'Name a disk such as \\\\.\\PhysicalDrive1, a volume such as E:, or a file.',
			});
		}
		return openRawTarget(path, expected, win32FileCalls);
	},
};

function parentOf(path: string): Parent | undefined {
	const numbers = names.partitionNumbersOf(path);
	if (numbers !== undefined) {
		const node = queryDisk(numbers.disk).partitions.find(
			(one) => names.partitionNumbersOf(one.path)?.partition === numbers.partition,
		);
		if (node !== undefined) return { disk: names.diskPath(numbers.disk), node };
		throw new AfterimageError('source-missing', `${path}: the disk has no such partition`, { details: { path } });
	}
	const device = names.volumeDeviceOf(path);
	if (device === undefined) return undefined;
	const extents = extentsOf(device);
	if (extents.length > 1) {
		throw new AfterimageError(
			'not-supported',
			`${path} lies on ${extents.length} places of disks, not on one partition`,
			{
				advice: 'Name the disk and its partitions.',
				details: { path, extents: extents.length },
			},
		);
	}
	return extents.map(({ diskNumber, start, length }) => ({
		disk: names.diskPath(diskNumber),
		node: { path: device, start, length },
	}))[0];
}

function rawFileAt(path: string): DiskDevice {
	const file = describeRawFile(path);
	if (file !== undefined) return file;
	throw new AfterimageError('invalid-argument', `${path} is neither a disk nor a file`, {
		advice: 'Name a disk such as \\\\.\\PhysicalDrive1, or a raw disk file.',
	});
}

/** A volume or shadow copy, as a device of its own. */
function describeVolume(path: string): DiskDevice {
	const sectorSize = querySectorSize(path);
	return { ...describeFile(path, queryLength(path), false), path, kind: 'device', model: '', sectorSize };
}

const volumeCalls: FdCalls = { discard: () => false };

const diskCalls: FdCalls = {
	discard: trim,
	rereadPartitions: (fd) => control(handleOf(fd), codes.diskUpdateProperties, null, 0).ok,
};

async function openDiskTarget(number: number): Promise<OpenDisk> {
	const path = names.diskPath(number);
	const { readOnly } = queryDisk(number);
	if (readOnly) {
		throw new AfterimageError('permission-denied', `${path} is write-protected`, {
			advice: protectedAdvice,
			details: { path },
		});
	}
	const release = await lockVolumesOf(number);
	try {
		const fd = await openDiskAlone(path);
		return await opened(fd, () => win32Disks.describe(path), diskCalls, release);
	} catch (error) {
		release();
		throw error;
	}
}

/** Who watches the health of disks, or has just seen a volume go, has them open for moments. */
async function openDiskAlone(path: string): Promise<number> {
	const open = (): number | AfterimageError => {
		try {
			return openOr(path, constants.O_RDWR | openAlone, 'destination-missing');
		} catch (error) {
			if (isAfterimageError(error, 'target-in-use')) return error;
			throw error;
		}
	};
	const result = await patiently(open, (one) => typeof one !== 'number');
	if (typeof result === 'number') return result;
	throw result;
}

/** One partition, written through the device of its volume, which is locked through the same handle. */
async function openPartitionTarget(path: string, { disk, node }: Parent): Promise<OpenDisk> {
	const fd = openOr(node.path, constants.O_RDWR, 'destination-missing');
	return opened(
		fd,
		async () => {
			const handle = handleOf(fd);
			// Without it the last sectors of a partition, which are none of its file system, could not be written. It is asked of
			// the file system, which must be there for it.
			control(handle, codes.allowExtendedDasdIo, null, 0);
			await lockAndDismount(handle, path);
			const whole = await win32Disks.describe(disk);
			return { ...whole, path: node.path, size: node.length, partitions: [] };
		},
		volumeCalls,
		() => undefined,
	);
}

/** Takes over the descriptor, also when it cannot be described. */
async function opened(
	fd: number,
	describe: () => Promise<DiskDevice>,
	calls: FdCalls,
	release: () => void,
): Promise<OpenDisk> {
	try {
		return new SectorDisk(fd, await describe(), calls, release);
	} catch (error) {
		closeSync(fd);
		throw error;
	}
}

function openOr(path: string, flags: number, missing: Missing): number {
	try {
		return openSync(path, flags);
	} catch (error) {
		throw openFailure(error, path, missing);
	}
}
