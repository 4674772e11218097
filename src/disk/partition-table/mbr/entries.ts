import type { Partition, SectorSize } from '../layout.ts';
import { MbrEntry, bootMark, mbrEntryCount } from './structures.ts';
import { mbrTypeName } from './types.ts';

export type MbrEntryView = InstanceType<typeof MbrEntry>;

/** The four entries of a master or extended boot record. */
export function entriesOf(sector: Uint8Array): MbrEntryView[] {
	return Array.from({ length: mbrEntryCount }, (_, i) => new MbrEntry(sector, 0x1be + i * MbrEntry.size));
}

/** Whether a master or extended boot record ends in 55 AA, as one has to. @param sector at least 512 bytes */
export function hasBootMark(sector: Uint8Array): boolean {
	return sector[0x1fe] === (bootMark & 0xff) && sector[0x1ff] === bootMark >> 8;
}

/** An entry that names a partition: it has a type and a length. */
export function isUsed(entry: MbrEntryView): boolean {
	return entry.type !== 0 && entry.sectors !== 0;
}

/** Status bytes other than 0x00 and 0x80 are no partition table but code or text. */
export function hasPlausibleStatus(entry: MbrEntryView): boolean {
	return entry.status === 0 || entry.status === 0x80;
}

/** Types that boot managers and vendors use for FAT, NTFS and recovery volumes that shall not show. */
const hiddenTypes: ReadonlySet<number> = new Set([0x11, 0x14, 0x16, 0x17, 0x1b, 0x1c, 0x1e, 0x27]);

/** @param firstLba the partition's first sector counted from the disk's start */
export function toPartition(
	entry: MbrEntryView,
	number: number,
	firstLba: number,
	sectorSize: SectorSize,
	kind: 'primary' | 'logical',
): Partition {
	const active = entry.status === 0x80;
	return {
		number,
		start: firstLba * sectorSize,
		length: entry.sectors * sectorSize,
		typeId: entry.type.toString(16).padStart(2, '0'),
		typeName: mbrTypeName(entry.type),
		name: '',
		guid: '',
		attributes: 0n,
		active,
		required: false,
		hidden: hiddenTypes.has(entry.type),
		readOnly: false,
		entry: {
			status: entry.status,
			startHead: entry.startHead,
			startCylinder: cylinder(entry.startSector, entry.startCylinder),
			type: entry.type,
			endHead: entry.endHead,
			endCylinder: cylinder(entry.endSector, entry.endCylinder),
			bootSector: Math.min(firstLba, 0xffff_ffff),
			numSectors: entry.sectors,
			active,
			kind,
		},
	};
}

function cylinder(sectorByte: number, low: number): number {
	return ((sectorByte & 0xc0) << 2) | low;
}
