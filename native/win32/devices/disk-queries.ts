import { isAfterimageError } from '../../../src/base/errors.ts';
import { struct, u32 } from '../../../src/base/struct.ts';
import type { DiskDevice, PartitionNode } from '../../../src/engine/ports/disk-port.ts';
import { codes, properties } from './control-codes.ts';
import { control, controlOfAnyLength, must, withDevice } from './device-handle.ts';
import * as answers from './disk-answers.ts';
import { diskPath, partitionPath } from './device-path.ts';
import { dosDeviceNames } from './dos-devices.ts';
import { win32 } from '../api/errors.ts';

/** The numbers of the disks that the system has, with or without a medium. */
export function diskNumbers(): number[] {
	return dosDeviceNames()
		.flatMap((name) => /^PhysicalDrive(\d{1,5})$/i.exec(name)?.[1] ?? [])
		.map(Number)
		.sort((a, b) => a - b);
}

/**
 * What the drivers tell of a disk, which everybody may ask.
 * @throws AfterimageError `source-missing` also without a medium, `structure-damaged` for a size that makes no sense
 */
export function queryDisk(number: number): DiskDevice {
	const path = diskPath(number);
	return withDevice(path, 'ask', 'source-missing', (handle) => {
		const geometry = must(control(handle, codes.diskGetDriveGeometryEx, null, 256), path);
		const { size, sectorSize } = answers.parseGeometry(geometry);
		const writable = control(handle, codes.diskIsWritable, null, 0);
		return {
			path,
			kind: 'device',
			size,
			sectorSize,
			physicalSectorSize: physicalSector(handle) ?? sectorSize,
			...answers.parseDeviceNames(property(handle, properties.device, 4096)),
			readOnly: !writable.ok && writable.code === win32.writeProtect,
			number,
			partitions: partitionNodes(handle, number, size),
		};
	});
}

function physicalSector(handle: number): number | undefined {
	return answers.parsePhysicalSector(property(handle, properties.accessAlignment, 64));
}

const Query = struct('STORAGE_PROPERTY_QUERY', 0x0c, { propertyId: u32(0x00), queryType: u32(0x04) });
const PropertyStandardQuery = 0;

/** Nothing where the driver does not answer. */
function property(handle: number, id: number, room: number): Uint8Array {
	const query = new Query(new Uint8Array(Query.size));
	query.propertyId = id;
	query.queryType = PropertyStandardQuery;
	const answer = control(handle, codes.storageQueryProperty, query.bytes, room);
	return answer.ok ? answer.bytes : new Uint8Array(0);
}

/** None where the driver tells none, or what cannot be: the partition table is read from the disk itself anyway. */
function partitionNodes(handle: number, disk: number, size: number): PartitionNode[] {
	const answer = controlOfAnyLength(handle, codes.diskGetDriveLayoutEx, 32 * 1024);
	if (!answer.ok) return [];
	try {
		return answers
			.parseDriveLayout(answer.bytes, size)
			.map(({ number, start, length }) => ({ path: partitionPath(disk, number), start, length }));
	} catch (error) {
		if (isAfterimageError(error, 'structure-damaged')) return [];
		throw error;
	}
}

/** Bytes of a volume or shadow copy. @throws AfterimageError `source-missing`, `permission-denied`, `not-supported` */
export function queryLength(path: string): number {
	return withDevice(path, 'read', 'source-missing', (handle) =>
		answers.parseLength(must(control(handle, codes.diskGetLengthInfo, null, 8), path)),
	);
}

/**
 * Logical sector of a volume or shadow copy in bytes, which reads must keep to; 512 where its driver does not tell.
 * Drivers of volumes that lie on several disks, and of shadow copies, need not know the newer question.
 */
export function querySectorSize(path: string): number {
	return withDevice(path, 'ask', 'source-missing', (handle) => {
		for (const code of [codes.diskGetDriveGeometryEx, codes.diskGetDriveGeometry]) {
			const answer = control(handle, code, null, 256);
			const size = answer.ok ? answers.parseSectorSize(answer.bytes) : undefined;
			if (size !== undefined) return size;
		}
		return 512;
	});
}
