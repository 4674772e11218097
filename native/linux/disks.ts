import { closeSync, constants, fstatSync, openSync, statSync, type Stats } from 'node:fs';
import { realpathSync } from 'node:fs';
import { AfterimageError } from '../../src/base/errors.ts';
import type { DiskDevice, DiskPort, OpenDisk, PartitionNode } from '../../src/engine/ports/disk-port.ts';
import { FdDisk } from '../../src/engine/ports/fd-disk.ts';
import { describeRawFile, openRawSource, openRawTarget, type FileCalls } from '../../src/engine/ports/raw-file.ts';
import { openFailure } from '../../src/engine/ports/system-errors.ts';
import { encryptedPlace, isEncrypted, isMultipath } from './layers.ts';
import * as libc from './libc.ts';
import * as sysfs from './sysfs.ts';

const fileCalls: FileCalls = { lock: libc.lockExclusive, punchHole: libc.punchHole };

/** RAM disks, compressed swap, optical and floppy drives, and the parts of LVM are no disks to image. */
const noDisk = /^(ram|zram|sr|fd|dm-)/;

export const linuxDisks: DiskPort = {
	async list() {
		const all = sysfs.blockNames().filter((name) => sysfs.sizeOf(name) > 0);
		// What several paths lead to is one disk: their map.
		const maps = all.filter(isMultipath);
		const paths = new Set(maps.flatMap(sysfs.slavesOf));
		const names = all
			.filter((name) => !noDisk.test(name) && sysfs.diskOfPartition(name) === undefined && !paths.has(name))
			.concat(maps)
			.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
		return names.map((name, number) => deviceRecord(name, number));
	},

	async describe(path) {
		const file = describeRawFile(path);
		if (file !== undefined) return file;
		if (!look(path, 'source-missing').isBlockDevice()) {
			throw new AfterimageError('invalid-argument', `${path} is neither a disk nor a file`, {
				advice: 'Name a block device such as /dev/sda, or a raw disk file.',
			});
		}
		const name = nameOf(path);
		const listed = (await linuxDisks.list()).find((disk) => disk.path === `/dev/${name}`);
		return listed ?? deviceRecord(name, 0);
	},

	async parentOf(path) {
		const name = sysfs.blockName(path);
		const disk = name === undefined ? undefined : sysfs.diskOfPartition(name);
		return name === undefined || disk === undefined ? undefined : { disk: `/dev/${disk}`, node: partitionNode(name) };
	},

	async openSource(path) {
		if (!look(path, 'source-missing').isBlockDevice()) return openRawSource(path, fileCalls);
		const device = await linuxDisks.describe(path);
		const disk = openedDevice(openDevice(path, constants.O_RDONLY, 'source-missing'), device);
		disk.refresh();
		return disk;
	},

	async openTarget(path, expected) {
		// A device that has come to the place of a file, or of nothing, is not the target: it shows once it is open.
		const isFile = 'createSize' in expected || expected.identity !== undefined;
		if (isFile || statSync(path, { throwIfNoEntry: false })?.isBlockDevice() !== true) {
			return openRawTarget(path, expected, fileCalls);
		}
		const device = await linuxDisks.describe(path);
		// O_EXCL without O_CREAT: the kernel refuses when a mount, swap, LVM or another exclusive opener holds the device.
		const fd = openDevice(path, constants.O_RDWR | constants.O_EXCL, 'destination-missing');
		if (!libc.lockExclusive(fd)) {
			closeSync(fd);
			throw new AfterimageError('target-in-use', `${path} is locked by another process`, { details: { path } });
		}
		if (libc.isReadOnly(fd)) {
			closeSync(fd);
			throw new AfterimageError('permission-denied', `${path} is write-protected`, { details: { path } });
		}
		return openedDevice(fd, device);
	},
};

/** The device as its open descriptor tells, which is right even where sysfs is not mounted. */
function openedDevice(fd: number, device: DiskDevice): OpenDisk {
	return new FdDisk(
		fd,
		{
			...device,
			size: libc.blockDeviceSize(fd) ?? device.size,
			sectorSize: libc.logicalSectorSize(fd) ?? device.sectorSize,
			physicalSectorSize: libc.physicalSectorSize(fd) ?? device.physicalSectorSize,
		},
		{
			discard: libc.discardRange,
			dropCache: libc.dropDeviceCache,
			rereadPartitions: libc.rereadPartitions,
		},
	);
}

function deviceRecord(name: string, number: number): DiskDevice {
	const encrypted = encryptedPlace(name);
	return {
		path: `/dev/${name}`,
		kind: 'device',
		size: sysfs.sizeOf(name),
		sectorSize: Number(sysfs.attribute(name, 'queue/logical_block_size')) || 512,
		physicalSectorSize: Number(sysfs.attribute(name, 'queue/physical_block_size')) || 512,
		vendor: sysfs.attribute(name, 'device/vendor').replace(/^0x.*/, ''),
		model: modelOf(name),
		revision: sysfs.attribute(name, 'device/rev') || sysfs.attribute(name, 'device/firmware_rev'),
		serial: sysfs.attribute(name, 'device/serial') || sysfs.attribute(name, 'serial'),
		removable: sysfs.attribute(name, 'removable') === '1',
		readOnly: sysfs.attribute(name, 'ro') === '1',
		number,
		partitions: sysfs.partitionNames(name).map(partitionNode),
		...(encrypted === undefined ? {} : { encrypted }),
		...(isEncrypted(name) ? { isDecrypted: true } : {}),
	};
}

/** What is no device of its own is known by what it stands on, or by the name that it was given. */
function modelOf(name: string): string {
	const backing = sysfs.loopBacking(name);
	if (backing !== undefined) return `Loop device on ${backing.path}`;
	return sysfs.attribute(name, 'dm/name') || sysfs.attribute(name, 'device/model');
}

function partitionNode(name: string): PartitionNode {
	return { path: `/dev/${name}`, start: sysfs.startOf(name), length: sysfs.sizeOf(name) };
}

function nameOf(path: string): string {
	const name = sysfs.blockName(realpathSync(path));
	if (name === undefined) throw new AfterimageError('not-supported', `${path}: the system does not list this device`);
	return name;
}

function look(path: string, missing: 'source-missing' | 'destination-missing'): Stats {
	try {
		return statSync(path);
	} catch (error) {
		throw openFailure(error, path, missing);
	}
}

function openDevice(path: string, flags: number, missing: 'source-missing' | 'destination-missing'): number {
	let fd: number;
	try {
		fd = openSync(path, flags);
	} catch (error) {
		throw openFailure(error, path, missing);
	}
	if (fstatSync(fd).isBlockDevice()) return fd;
	closeSync(fd);
	throw new AfterimageError(missing, `${path} stopped being a device while it was opened`);
}
