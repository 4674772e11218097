import { AfterimageError } from '../../../src/base/errors.ts';
import { struct, u32, u64, u8 } from '../../../src/base/struct.ts';
import { isSectorSize } from './sector-size.ts';

/**
 * What drivers answer to control codes, read with every length and count checked: a driver may be of anybody's making, and
 * what a USB stick says goes through it unchanged. Layouts are those of winioctl.h for 64 bits.
 */

const Geometry = struct('DISK_GEOMETRY_EX', 0x20, { bytesPerSector: u32(0x14), diskSize: u64(0x18) });

export interface DiskSize {
	/** Bytes. */
	readonly size: number;
	readonly sectorSize: number;
}

/** What DISK_GEOMETRY_EX begins with. */
const Sectors = struct('DISK_GEOMETRY', 0x18, { bytesPerSector: u32(0x14) });

/** The logical sector in bytes, of either geometry; undefined when the answer makes no sense. */
export function parseSectorSize(answer: Uint8Array): number | undefined {
	if (answer.length < Sectors.size) return undefined;
	const { bytesPerSector } = new Sectors(answer);
	return isSectorSize(bytesPerSector) ? bytesPerSector : undefined;
}

/** @throws AfterimageError `structure-damaged` */
export function parseGeometry(answer: Uint8Array): DiskSize {
	const { bytesPerSector, diskSize } = new Geometry(answer);
	if (!isSectorSize(bytesPerSector))
		throw unlikely('DISK_GEOMETRY_EX.BytesPerSector', 'a power of two', bytesPerSector);
	if (diskSize % bytesPerSector !== 0) throw unlikely('DISK_GEOMETRY_EX.DiskSize', 'whole sectors', diskSize);
	return { size: diskSize, sectorSize: bytesPerSector };
}

const Alignment = struct('STORAGE_ACCESS_ALIGNMENT_DESCRIPTOR', 0x1c, { bytesPerPhysicalSector: u32(0x14) });

/** The physical sector in bytes; undefined when the answer makes no sense. */
export function parsePhysicalSector(answer: Uint8Array): number | undefined {
	if (answer.length < Alignment.size) return undefined;
	const { bytesPerPhysicalSector } = new Alignment(answer);
	return isSectorSize(bytesPerPhysicalSector) ? bytesPerPhysicalSector : undefined;
}

const Descriptor = struct('STORAGE_DEVICE_DESCRIPTOR', 0x24, {
	removableMedia: u8(0x0a),
	vendorIdOffset: u32(0x0c),
	productIdOffset: u32(0x10),
	productRevisionOffset: u32(0x14),
	serialNumberOffset: u32(0x18),
});

export interface DeviceNames {
	readonly vendor: string;
	readonly model: string;
	readonly revision: string;
	readonly serial: string;
	readonly removable: boolean;
}

const longestName = 256;

/** Names are empty where the device gives none, or points outside of its answer. */
export function parseDeviceNames(answer: Uint8Array): DeviceNames {
	if (answer.length < Descriptor.size) return { vendor: '', model: '', revision: '', serial: '', removable: false };
	const head = new Descriptor(answer);
	const text = (offset: number) => (offset < Descriptor.size ? '' : nameAt(answer, offset));
	return {
		vendor: text(head.vendorIdOffset),
		model: text(head.productIdOffset),
		revision: text(head.productRevisionOffset),
		serial: text(head.serialNumberOffset),
		removable: head.removableMedia !== 0,
	};
}

function nameAt(answer: Uint8Array, offset: number): string {
	let text = '';
	for (let at = offset; at < answer.length && at < offset + longestName && answer[at] !== 0; at++) {
		const code = answer[at]!;
		text += code < 0x20 || code === 0x7f ? ' ' : String.fromCharCode(code);
	}
	return text.trim();
}

const Layout = struct('DRIVE_LAYOUT_INFORMATION_EX', 0x30, { partitionStyle: u32(0), partitionCount: u32(4) });
const Entry = struct('PARTITION_INFORMATION_EX', 0x90, {
	startingOffset: u64(0x08),
	partitionLength: u64(0x10),
	partitionNumber: u32(0x18),
});

export interface LayoutEntry {
	/** As Windows numbers it, from 1. */
	readonly number: number;
	readonly start: number;
	readonly length: number;
}

/**
 * Partitions that Windows has made devices of. Entries without a number are extended partitions and unused places.
 * @throws AfterimageError `structure-damaged` for a count that does not fit the answer, or places outside of the disk
 */
export function parseDriveLayout(answer: Uint8Array, diskSize: number): LayoutEntry[] {
	const { partitionCount } = new Layout(answer);
	const fitting = Math.floor((answer.length - Layout.size) / Entry.size);
	if (partitionCount > fitting)
		throw unlikely('DRIVE_LAYOUT_INFORMATION_EX.PartitionCount', `at most ${fitting}`, partitionCount);
	const entries: LayoutEntry[] = [];
	for (let i = 0; i < partitionCount; i++) {
		const { partitionNumber, startingOffset, partitionLength } = new Entry(answer, Layout.size + i * Entry.size);
		if (partitionNumber === 0 || partitionLength === 0) continue;
		const end = startingOffset + partitionLength;
		if (end > diskSize) throw unlikely(`Partition ${partitionNumber}`, `an end within ${diskSize} bytes`, end);
		entries.push({ number: partitionNumber, start: startingOffset, length: partitionLength });
	}
	return entries;
}

const Extents = struct('VOLUME_DISK_EXTENTS', 0x08, { count: u32(0) });
const DiskExtent = struct('DISK_EXTENT', 0x18, { diskNumber: u32(0), startingOffset: u64(0x08), length: u64(0x10) });

export interface VolumeExtent {
	/** N of `\\.\PhysicalDriveN`. */
	readonly diskNumber: number;
	readonly start: number;
	readonly length: number;
}

/** @throws AfterimageError `structure-damaged` */
export function parseVolumeExtents(answer: Uint8Array): VolumeExtent[] {
	const { count } = new Extents(answer);
	const fitting = Math.floor((answer.length - Extents.size) / DiskExtent.size);
	if (count > fitting) throw unlikely('VOLUME_DISK_EXTENTS.NumberOfDiskExtents', `at most ${fitting}`, count);
	return Array.from({ length: count }, (_, i) => {
		const { diskNumber, startingOffset, length } = new DiskExtent(answer, Extents.size + i * DiskExtent.size);
		return { diskNumber, start: startingOffset, length };
	});
}

const Length = struct('GET_LENGTH_INFORMATION', 0x08, { length: u64(0) });

/** Bytes. @throws AfterimageError `structure-damaged` */
export function parseLength(answer: Uint8Array): number {
	return new Length(answer).length;
}

function unlikely(what: string, expected: string, found: number): AfterimageError {
	return new AfterimageError('structure-damaged', `${what}: expected ${expected}, found ${found}`, {
		details: { what, expected, found },
	});
}
