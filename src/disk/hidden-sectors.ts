/**
 * Sectors before a volume, as the 32 bits of a BIOS parameter block have them. 0 where they cannot, behind 2 TiB with sectors of 512
 * bytes and where no sector begins: mkntfs has that there too. Nothing but boot code reads the field, and no BIOS starts from such a
 * place.
 * @param place byte of the disk
 */
function hiddenSectors(place: number, bytesPerSector: number): number {
	const sectors = place / bytesPerSector;
	return Number.isInteger(sectors) && sectors <= 0xffff_ffff ? sectors : 0;
}

/** The new count for a field that holds the old one; undefined for every other field. */
export function movedHidden(found: number, from: number, to: number, bytesPerSector: number): number | undefined {
	const moved = hiddenSectors(to, bytesPerSector);
	return found === hiddenSectors(from, bytesPerSector) && moved !== found ? moved : undefined;
}
