import { sparseFile } from '../../support/byte-files.ts';
import { fatFrom, makeRawDisk, type RawPartition } from '../../support/raw-disk.ts';
import { run } from '../../support/run.ts';
import { status, type Answer, type FakeDevice } from './fake-disks.ts';
import { codes } from '../../../native/win32/devices/control-codes.ts';

const mebibyte = 2 ** 20;

/** Facts that a driver tells of a disk. */
export interface DiskFacts {
	readonly size: number;
	readonly sectorSize?: number;
	readonly physicalSectorSize?: number;
	readonly vendor?: string;
	readonly model?: string;
	readonly revision?: string;
	readonly serial?: string;
	readonly removable?: boolean;
	readonly readOnly?: boolean;
	readonly partitions?: readonly { readonly number: number; readonly start: number; readonly length: number }[];
}

/** Answers of a disk as winioctl.h lays them out. */
export function diskAnswers(facts: DiskFacts): Answer[] {
	return [
		{ code: codes.diskGetDriveGeometryEx, data: geometry(facts.size, facts.sectorSize ?? 512) },
		{ code: codes.diskGetLengthInfo, data: bytes(8, (view) => view.setBigUint64(0, BigInt(facts.size), true)) },
		{ code: codes.diskIsWritable, status: facts.readOnly === true ? status.mediaWriteProtected : status.success },
		{ code: codes.diskUpdateProperties },
		{ code: codes.storageManageDataSetAttributes },
		{ code: codes.diskGetDriveLayoutEx, data: layout(facts.partitions ?? []) },
		{ code: codes.storageQueryProperty, selector: 0, data: descriptor(facts), statusWhenShort: status.success },
		{ code: codes.storageQueryProperty, selector: 6, data: alignment(facts.physicalSectorSize ?? 512) },
	];
}

/** Class of NtQueryVolumeInformationFile. */
const fileFsAttributeInformation = 5;

/** Answers of a volume on one place of a disk. @param fileSystem that Windows knows on it; empty for none */
export function volumeAnswers(diskNumber: number, start: number, length: number, fileSystem = 'NTFS'): Answer[] {
	const name = Buffer.from(fileSystem, 'utf16le');
	const head = bytes(12, (view) => {
		view.setUint32(4, 255, true);
		view.setUint32(8, name.length, true);
	});
	const known = { code: fileFsAttributeInformation, data: Buffer.concat([head, name]) };
	return [
		...(fileSystem === '' ? [] : [known]),
		{ code: codes.volumeGetVolumeDiskExtents, data: extents([{ diskNumber, start, length }]) },
		{ code: codes.diskGetLengthInfo, data: bytes(8, (view) => view.setBigUint64(0, BigInt(length), true)) },
	];
}

export function geometry(size: number, sectorSize: number): Uint8Array {
	return bytes(40, (view) => {
		view.setBigUint64(0, BigInt(Math.floor(size / (255 * 63 * sectorSize))), true);
		view.setUint32(8, 12, true);
		view.setUint32(12, 255, true);
		view.setUint32(16, 63, true);
		view.setUint32(20, sectorSize, true);
		view.setBigUint64(24, BigInt(size), true);
	});
}

export function layout(
	partitions: readonly { readonly number: number; readonly start: number; readonly length: number }[],
): Uint8Array {
	return bytes(48 + 144 * partitions.length, (view) => {
		view.setUint32(0, 1, true);
		view.setUint32(4, partitions.length, true);
		partitions.forEach(({ number, start, length }, i) => {
			const at = 48 + 144 * i;
			view.setUint32(at, 1, true);
			view.setBigUint64(at + 8, BigInt(start), true);
			view.setBigUint64(at + 16, BigInt(length), true);
			view.setUint32(at + 24, number, true);
		});
	});
}

export function extents(
	places: readonly { readonly diskNumber: number; readonly start: number; readonly length: number }[],
): Uint8Array {
	return bytes(8 + 24 * places.length, (view) => {
		view.setUint32(0, places.length, true);
		places.forEach(({ diskNumber, start, length }, i) => {
			view.setUint32(8 + 24 * i, diskNumber, true);
			view.setBigUint64(16 + 24 * i, BigInt(start), true);
			view.setBigUint64(24 + 24 * i, BigInt(length), true);
		});
	});
}

export function descriptor(facts: Omit<DiskFacts, 'size'>): Uint8Array {
	const texts = [facts.vendor, facts.model, facts.revision, facts.serial];
	const names = texts.map((text) => Buffer.from(`${text ?? ''}\0`, 'latin1'));
	const head = bytes(40, (view) => {
		view.setUint32(0, 40, true);
		view.setUint8(10, facts.removable === true ? 1 : 0);
		view.setUint32(28, 17, true);
		let at = 40;
		names.forEach((name, i) => {
			view.setUint32(4, at + name.length, true);
			if (texts[i] !== undefined) view.setUint32(12 + 4 * i, at, true);
			at += name.length;
		});
	});
	return Buffer.concat([head, ...names]);
}

function alignment(physicalSectorSize: number): Uint8Array {
	return bytes(28, (view) => {
		view.setUint32(0, 28, true);
		view.setUint32(4, 28, true);
		view.setUint32(16, 512, true);
		view.setUint32(20, physicalSectorSize, true);
	});
}

function bytes(length: number, fill: (view: DataView) => void): Uint8Array {
	const array = new Uint8Array(length);
	fill(new DataView(array.buffer));
	return array;
}

/** A disk as Windows sets one up, in MiB: EFI system, Microsoft reserved, NTFS, and a FAT16 of data. */
const windowsParts = [
	{ start: 1, size: 40, type: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B' },
	{ start: 41, size: 16, type: 'E3C9E316-0B5C-4DB8-817D-F92DF00215AE' },
	{ start: 57, size: 64, type: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7' },
	{ start: 121, size: 32, type: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7' },
] as const;

export const windowsDiskSize = 156 * mebibyte;
export const windowsPartitions = windowsParts.map(({ start, size }, i) => ({
	number: i + 1,
	start: start * mebibyte,
	length: size * mebibyte,
}));

/** Makes the raw file of such a disk with the tools of Linux. @param folder whose files go into its file systems */
export async function makeWindowsDisk(path: string, folder: string, files: readonly string[]): Promise<void> {
	const fat = (bits: 16 | 32) => fatFrom(folder, bits);
	const ntfs = async (file: string): Promise<void> => {
		await run('mkntfs', ['--fast', '--quiet', '--force', '--partition-start', '2048', file]);
		for (const name of files) await run('ntfscp', ['--quiet', file, `${folder}/${name}`, name]);
	};
	const makers = [fat(32), undefined, ntfs, fat(16)];
	const partitions: RawPartition[] = windowsParts.map((part, i) => {
		const make = makers[i];
		return make === undefined ? part : { ...part, make };
	});
	await makeRawDisk(path, 'gpt', windowsDiskSize / mebibyte, partitions);
}

/** The driver's device of a disk in a file, with the devices of the partitions that have a drive letter. */
export function devicesOf(
	number: number,
	image: string,
	facts: Omit<DiskFacts, 'size'> & { readonly size?: number } = {},
): FakeDevice {
	const size = facts.size ?? windowsDiskSize;
	return { name: `PhysicalDrive${number}`, image, answers: diskAnswers({ ...facts, size }) };
}

/** An empty raw file for a target. */
export async function blankDisk(path: string, size: number): Promise<string> {
	return sparseFile(path, size);
}
