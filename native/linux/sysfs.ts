import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Block devices as /sys/class/block shows them. Sizes there count 512-byte units, whatever the device's sector. */
const unit = 512;
const folder = '/sys/class/block';

/** A range of a disk's or raw file's bytes. */
export interface Extent {
	/** `/dev/sda`, or the path of the file behind a loop device. */
	readonly disk: string;
	readonly start: number;
	readonly length: number;
}

/** @param name of a block device @returns without the line end; empty where there is none */
export function attribute(name: string, path: string): string {
	try {
		return readFileSync(`${folder}/${name}/${path}`, 'utf8').trim();
	} catch {
		return '';
	}
}

/** Kernel names of all block devices, partitions among them. */
export function blockNames(): string[] {
	return entries(folder);
}

/** Kernel name (`sda1`) of a device number (`8:1`) or of a device path; undefined when it is no block device. */
export function blockName(deviceOrPath: string): string | undefined {
	try {
		if (/^\d+:\d+$/.test(deviceOrPath)) return basename(readlinkSync(`/sys/dev/block/${deviceOrPath}`));
		const stat = statSync(deviceOrPath);
		if (!stat.isBlockDevice()) return undefined;
		return basename(readlinkSync(`/sys/dev/block/${major(stat.rdev)}:${minor(stat.rdev)}`));
	} catch {
		return undefined;
	}
}

/** Bytes; 0 where the system does not say. */
export function sizeOf(name: string): number {
	return Number(attribute(name, 'size')) * unit;
}

/** Kernel name of the disk that a partition belongs to; undefined for what is no partition. */
export function diskOfPartition(name: string): string | undefined {
	if (attribute(name, 'partition') === '') return undefined;
	return basename(dirname(readlinkSync(`${folder}/${name}`)));
}

/** A disk has a folder for each of its partitions among others. To look at all devices of the machine for each disk would take long. */
export function partitionNames(disk: string): string[] {
	return entries(`${folder}/${disk}`).filter((name) => attribute(name, 'partition') !== '');
}

/** Byte of its disk at which a partition begins. */
export function startOf(partition: string): number {
	return Number(attribute(partition, 'start')) * unit;
}

/** Devices that this one is built from: the physical volumes of an LVM volume, the members of an array. */
export function slavesOf(name: string): string[] {
	return entries(`${folder}/${name}/slaves`);
}

/** The file behind a loop device and where in it the device begins. */
export function loopBacking(name: string): { path: string; offset: number } | undefined {
	const path = attribute(name, 'loop/backing_file');
	return path === '' ? undefined : { path, offset: Number(attribute(name, 'loop/offset')) || 0 };
}

/** Members of the btrfs that a device belongs to; the device alone when it belongs to none. */
export function btrfsMembers(name: string): string[] {
	for (const id of entries('/sys/fs/btrfs')) {
		if (existsSync(`/sys/fs/btrfs/${id}/devices/${name}`)) return entries(`/sys/fs/btrfs/${id}/devices`);
	}
	return [name];
}

/** Every range of a disk or raw file that a device's bytes lie in, through partitions, loop devices, LVM and arrays. */
export function extentsOf(name: string): Extent[] {
	const slaves = slavesOf(name);
	if (slaves.length > 0) return [...inOrder(name), ...slaves.flatMap(extentsOf)];
	const disk = diskOfPartition(name);
	// A partition of an array: what the array is built from.
	const below = disk === undefined ? [] : slavesOf(disk).flatMap(extentsOf);
	return [...inOrder(name), ...below];
}

/** A device, and the disk or raw file whose bytes from `start` on are its own in their order. */
export function placesOf(device: string): { readonly disk: string; readonly start: number }[] {
	const name = blockName(device);
	return name === undefined ? [] : inOrder(name).map(({ disk, start }) => ({ disk, start }));
}

/** Where the bytes of a device lie one after the other: its disk, and the file behind that when it is a loop device. */
function inOrder(name: string): Extent[] {
	const disk = diskOfPartition(name);
	const start = disk === undefined ? 0 : startOf(name);
	const base = disk ?? name;
	const length = sizeOf(name);
	const loop = loopBacking(base);
	const own: Extent = { disk: `/dev/${base}`, start, length };
	return loop === undefined ? [own] : [own, { disk: loop.path, start: loop.offset + start, length }];
}

function entries(path: string): string[] {
	try {
		return readdirSync(path);
	} catch {
		return [];
	}
}

/** Fields of a dev_t as the C library packs them (makedev(3)). */
function major(device: number): number {
	return Number(((BigInt(device) >> 8n) & 0xfffn) | ((BigInt(device) >> 32n) & 0xfffff000n));
}

function minor(device: number): number {
	return Number((BigInt(device) & 0xffn) | ((BigInt(device) >> 12n) & 0xffffff00n));
}
