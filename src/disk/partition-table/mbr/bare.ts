import { isAfterimageError } from '../../../base/errors.ts';
import { parseFatBootSector } from '../../fat/boot-sector.ts';
import { entriesOf, hasPlausibleStatus, isUsed } from './entries.ts';

/** OEM names of boot sectors, at byte 3, of file systems that fill the sector of an MBR when they have no table before them. */
const bootSectorNames: ReadonlySet<string> = new Set(['NTFS    ', 'EXFAT   ', '-FVE-FS-', 'ReFS\0\0\0\0']);

/**
 * Whether a sector that ends in 55 AA is the boot sector of a file system and not an MBR. A boot sector's parameter
 * block alone does not settle it, since partitioning tools keep the bytes before the entries: where the entries are a
 * sound table, it is an MBR. An entry that begins at sector 0 is none, that is the pretended table which mkfs.fat
 * writes so that Windows does not ask for one.
 */
export function isBootSector(sector: Uint8Array, diskSize: number, sectorSize: number): boolean {
	if (!looksLikeBootSector(sector, diskSize)) return false;
	const entries = entriesOf(sector);
	if (!entries.every(hasPlausibleStatus)) return true;
	const used = entries.filter(isUsed);
	const sectors = Math.floor(diskSize / sectorSize);
	return used.length === 0 || used.some((entry) => entry.firstLba === 0 || entry.firstLba >= sectors);
}

function looksLikeBootSector(sector: Uint8Array, diskSize: number): boolean {
	const name = String.fromCharCode(...sector.subarray(3, 11));
	if (bootSectorNames.has(name)) return true;
	try {
		return parseFatBootSector(sector, diskSize) !== undefined;
	} catch (error) {
		// A boot sector that calls itself FAT is one, damaged or not.
		if (isAfterimageError(error, 'structure-damaged')) return true;
		throw error;
	}
}
