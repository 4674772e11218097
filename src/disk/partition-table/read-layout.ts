import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { isAfterimageError } from '../../base/errors.ts';
import { findContainer } from '../container/find.ts';
import { raidAtEnd } from '../container/linux-raid.ts';
import { boundPartitions } from './bounds.ts';
import { gptPartitions } from './gpt/partitions.ts';
import { readGpt } from './gpt/read.ts';
import { hasGptSignature } from './gpt/table.ts';
import type { DiskLayout, LayoutWarning, Partition, SectorSize } from './layout.ts';
import { isBootSector } from './mbr/bare.ts';
import { hasBootMark } from './mbr/entries.ts';
import { checkProtective } from './mbr/protective.ts';
import { mbrKind, mbrSignature, readMbr } from './mbr/read.ts';
import { track0Length } from './track0.ts';

/**
 * Reads what partitions a disk holds: GPT (UEFI 2.10, section 5), MBR with its chain of logical partitions, hybrid and
 * protective MBR, or a bare file system. Never writes. A table that cannot be trusted leads to one partition that is
 * the whole disk, to be stored whole, and to a warning.
 * @param sectorSize logical sector size of the device; for a raw file see `detectSectorSize`
 * @throws AfterimageError `read-error`
 */
export async function readDiskLayout(source: ByteSource, sectorSize: SectorSize): Promise<DiskLayout> {
	if (source.size < 2 * sectorSize) return bareDisk(source, sectorSize, []);
	if (await isPartOfArray(source)) return bareDisk(source, sectorSize, []);
	const sector = await readBytes(source, 0, sectorSize);
	if (hasBootMark(sector) && isBootSector(sector, source.size, sectorSize)) return bareDisk(source, sectorSize, []);
	const kind = mbrKind(sector);
	if (kind === 'protective' || kind === 'hybrid') return gptDisk(source, sectorSize, sector, kind === 'hybrid');
	if (kind === 'partitions') return mbrDisk(source, sectorSize, sector);
	return tablelessDisk(source, sectorSize, sector, kind);
}

/** A disk in an array that is striped may begin with a table that counts the bytes of all its members. */
async function isPartOfArray(source: ByteSource): Promise<boolean> {
	try {
		return (await findContainer(source, raidAtEnd(source.size), undefined))?.isPart === true;
	} catch (error) {
		// The end of a disk that is faulty there tells nothing, and its table is read all the same.
		if (isAfterimageError(error, 'read-error')) return false;
		throw error;
	}
}

async function gptDisk(
	source: ByteSource,
	sectorSize: SectorSize,
	sector: Uint8Array,
	hybrid: boolean,
): Promise<DiskLayout> {
	const reading = await readGpt(source, sectorSize);
	const warnings = hybrid
		? reading.warnings
		: [...checkProtective(sector, sectorsOf(source, sectorSize)), ...reading.warnings];
	if (reading.table === undefined) {
		warnings.push(...(await otherSectorSize(source, sectorSize)));
		return bareDisk(source, sectorSize, warnings, 'the partition table is damaged, so its bounds are not known');
	}
	const { table } = reading;
	const read = gptPartitions(table);
	const { partitions, warnings: bounds } = boundPartitions(read.partitions, source.size);
	return {
		table: 'gpt',
		sectorSize,
		size: source.size,
		id: table.diskGuid,
		partitions,
		extended: [],
		track0Length: track0Length(source.size, sectorSize, startsOf(partitions)),
		hybrid,
		gpt: table,
		warnings: [...warnings, ...read.warnings, ...bounds],
	};
}

async function mbrDisk(source: ByteSource, sectorSize: SectorSize, sector: Uint8Array): Promise<DiskLayout> {
	const reading = await readMbr(source, sector, sectorSize);
	const { partitions, warnings } = boundPartitions(reading.partitions, source.size);
	return {
		table: 'mbr',
		sectorSize,
		size: source.size,
		id: mbrSignature(sector),
		partitions,
		extended: reading.extended,
		track0Length: track0Length(source.size, sectorSize, [...startsOf(partitions), ...startsOf(reading.extended)]),
		hybrid: false,
		warnings: [...reading.warnings, ...warnings],
	};
}

/** No partition in sector 0: a GPT whose protective MBR is gone, or a file system without a table, or nothing. */
async function tablelessDisk(
	source: ByteSource,
	sectorSize: SectorSize,
	sector: Uint8Array,
	kind: 'none' | 'empty',
): Promise<DiskLayout> {
	const reading = await readGpt(source, sectorSize);
	if (reading.from === 'primary') {
		const layout = await gptDisk(source, sectorSize, sector, false);
		const message = 'Sector 0 holds no protective MBR though a GUID partition table follows it';
		const advice = 'Windows and Linux do not see its partitions. `sgdisk --move-second-header DISK` writes one.';
		return { ...layout, warnings: [{ message, advice }, ...layout.warnings] };
	}
	const warnings = await otherSectorSize(source, sectorSize);
	if (reading.from === 'backup') {
		warnings.push({
			message: 'A backup GUID partition table ends the disk, but nothing at its start says that it is in use',
			advice: 'If the disk should have partitions, gdisk can load the backup (recovery menu).',
		});
	}
	const layout = bareDisk(source, sectorSize, warnings);
	return kind === 'empty' ? { ...layout, id: mbrSignature(sector) } : layout;
}

function bareDisk(
	source: ByteSource,
	sectorSize: SectorSize,
	warnings: readonly LayoutWarning[],
	wholeReason?: string,
): DiskLayout {
	const sectors = sectorsOf(source, sectorSize);
	const whole: Partition = {
		number: 1,
		start: 0,
		length: source.size,
		typeId: '',
		typeName: 'Whole disk',
		name: '',
		guid: '',
		attributes: 0n,
		active: false,
		required: false,
		hidden: false,
		readOnly: false,
		entry: {
			status: 0,
			startHead: 0,
			startCylinder: 0,
			type: 0,
			endHead: 0,
			endCylinder: 0,
			bootSector: 0,
			numSectors: Math.min(sectors, 0xffff_ffff),
			active: false,
			kind: 'primary',
		},
		...(wholeReason === undefined ? {} : { wholeReason }),
	};
	return {
		table: 'none',
		sectorSize,
		size: source.size,
		id: '',
		partitions: source.size === 0 ? [] : [whole],
		extended: [],
		track0Length: track0Length(source.size, sectorSize, [0]),
		hybrid: false,
		warnings,
	};
}

async function otherSectorSize(source: ByteSource, sectorSize: SectorSize): Promise<LayoutWarning[]> {
	const other = sectorSize === 512 ? 4096 : 512;
	if (source.size < 2 * other || !hasGptSignature(await readBytes(source, other, 8))) return [];
	return [
		{
			message: `A GPT header stands at byte ${other}: the disk was partitioned with sectors of ${other} bytes, it is read with ${sectorSize}`,
			advice: `Read it through a device with sectors of ${other} bytes.`,
		},
	];
}

function sectorsOf(source: ByteSource, sectorSize: number): number {
	return Math.floor(source.size / sectorSize);
}

function startsOf(ranges: readonly { readonly start: number }[]): number[] {
	return ranges.map(({ start }) => start);
}
