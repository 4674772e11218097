import type { MbrEntryView } from './entries.ts';

/** What partitioning tools take for every disk, whatever geometry it once had. */
const heads = 255;
const sectorsPerTrack = 63;
/** Cylinders that an entry can tell; what lies behind has the last sector of the last of them. */
const cylinders = 1024;

/** Writes the sector in which a partition ends into its entry's cylinder, head and sector. @param lba counted from the disk's start */
export function setEnd(entry: MbrEntryView, lba: number): void {
	const place = placeOf(lba);
	entry.endHead = place.head;
	entry.endSector = place.sector;
	entry.endCylinder = place.cylinder;
}

/** Writes the sector in which a partition begins, as {@link setEnd} its end. */
export function setStart(entry: MbrEntryView, lba: number): void {
	const place = placeOf(lba);
	entry.startHead = place.head;
	entry.startSector = place.sector;
	entry.startCylinder = place.cylinder;
}

/** The three bytes of a place in an entry. */
function placeOf(lba: number): { readonly head: number; readonly sector: number; readonly cylinder: number } {
	const sector = Math.min(lba, cylinders * heads * sectorsPerTrack - 1);
	const cylinder = Math.floor(sector / (heads * sectorsPerTrack));
	return {
		head: Math.floor(sector / sectorsPerTrack) % heads,
		sector: ((cylinder >> 2) & 0xc0) | ((sector % sectorsPerTrack) + 1),
		cylinder: cylinder & 0xff,
	};
}
