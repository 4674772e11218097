import type { LayoutWarning } from '../layout.ts';
import { entriesOf, hasBootMark } from './entries.ts';
import { MasterBootRecord, MbrEntry, bootMark, protectiveType } from './structures.ts';

/** Sectors that a protective entry claims on a disk of `diskSectors` sectors; UEFI 2.10, table 5.4. */
function protectiveLength(diskSectors: number): number {
	return Math.min(diskSectors - 1, 0xffff_ffff);
}

/** What is wrong with the one 0xee entry of a pure protective MBR. Windows claims 0xffffffff sectors on every disk. */
export function checkProtective(sector: Uint8Array, diskSectors: number): LayoutWarning[] {
	const entry = entriesOf(sector).find((candidate) => candidate.type === protectiveType);
	const expected = protectiveLength(diskSectors);
	if (entry === undefined) return [];
	if (entry.firstLba === 1 && (entry.sectors === expected || entry.sectors === 0xffff_ffff)) return [];
	return [
		{
			message:
				`Protective MBR: expected sectors 1 to ${expected}, ` +
				`found ${entry.firstLba} to ${entry.firstLba + entry.sectors - 1}`,
			advice: 'The partitions are read all the same. `sgdisk --move-second-header DISK` writes a right one.',
		},
	];
}

/** The record with its boot code and signature kept and its entries replaced by a single protective one. */
export function protectiveMbr(sector: Uint8Array, diskSectors: number): Uint8Array {
	const copy = sector.slice();
	if (!hasBootMark(copy)) copy.fill(0, 0, MasterBootRecord.size);
	const record = new MasterBootRecord(copy);
	record.entries = new Uint8Array(record.entries.length);
	record.mark = bootMark;
	const entry = new MbrEntry(record.entries);
	entry.startSector = 0x02;
	entry.type = protectiveType;
	entry.endHead = 0xff;
	entry.endSector = 0xff;
	entry.endCylinder = 0xff;
	entry.firstLba = 1;
	entry.sectors = protectiveLength(diskSectors);
	return copy;
}
