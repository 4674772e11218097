import { MemoryBytes } from '../../../base/bytes.ts';
import { isAfterimageError } from '../../../base/errors.ts';
import { gptArraySectors } from '../../../disk/partition-table/gpt/rebuild.ts';
import { readGptTable, type GptTable } from '../../../disk/partition-table/gpt/table.ts';
import type { ManifestDisk } from '../../../image/manifest.ts';

/** Entries of a GPT as nearly all have them, in bytes. */
const usualArray = 128 * 128;

/** Bytes that the backup of a GPT, its second array and header, takes at the end of a disk. */
export function gptBackupSize(table: GptTable): number {
	return (gptArraySectors(table) + 1) * table.sectorSize;
}

/**
 * Bytes that a restored disk has to have behind its last partition for its table: none but for a GPT.
 * @param track0 undefined where it cannot be read: the table is then taken to be as usual
 */
export async function backupTableSize(disk: ManifestDisk, track0: Uint8Array | undefined): Promise<number> {
	if (disk._header.disk_format !== 'gpt') return 0;
	const sectorSize = disk._geometry.bytes_per_sector;
	if (track0 === undefined) return (Math.ceil(usualArray / sectorSize) + 1) * sectorSize;
	try {
		return gptBackupSize(await readGptTable(new MemoryBytes(track0), sectorSize, 1));
	} catch (error) {
		// A table that is damaged is restored as it is, without a second one.
		if (isAfterimageError(error, 'structure-damaged')) return 0;
		throw error;
	}
}
