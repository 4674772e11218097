import type { MbrEntryView } from './entries.ts';

/** What partitioning tools take for every disk, whatever geometry it once had. */
const heads = 255;
const sectorsPerTrack = 63;
/** Cylinders that an entry can tell; what lies behind has the last sector of the last of them. */
const cylinders = 1024;

/** Writes the sector in which a partition ends into its entry's cylinder, head and sector. @param lba counted from the disk's start */
export function setEnd(entry: MbrEntryView, lba: number): void {
	const sector = Math.min(lba, cylinders * heads * sectorsPerTrack - 1);
	const cylinder = Math.floor(sector / (heads * sectorsPerTrack));
	entry.endHead = Math.floor(sector / sectorsPerTrack) % heads;
	entry.endSector = ((cylinder >> 2) & 0xc0) | ((sector % sectorsPerTrack) + 1);
	entry.endCylinder = cylinder & 0xff;
}
