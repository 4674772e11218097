import { isAfterimageError } from '../../../base/errors.ts';
import type { ByteSource } from '../../../base/bytes.ts';
import type { LayoutWarning, SectorSize } from '../layout.ts';
import { readGptTable, type GptTable } from './table.ts';

export interface GptReading {
	/** Undefined when neither copy can be trusted. */
	readonly table: GptTable | undefined;
	readonly from: 'primary' | 'backup' | 'neither';
	readonly warnings: LayoutWarning[];
}

const repair = 'Repair it with `sgdisk --move-second-header DISK`, which writes both copies anew.';

/**
 * Reads both copies of a GUID partition table and takes the primary, or the backup when the primary is damaged
 * (UEFI 2.10, section 5.3.2).
 * @throws AfterimageError `read-error`
 */
export async function readGpt(source: ByteSource, sectorSize: SectorSize): Promise<GptReading> {
	const lastLba = Math.floor(source.size / sectorSize) - 1;
	const warnings: LayoutWarning[] = [];
	const primary = await attempt(source, sectorSize, 1);
	if (primary.table === undefined) {
		const backup = await attempt(source, sectorSize, lastLba);
		if (backup.table === undefined) {
			warnings.push({
				message: `Both copies of the GUID partition table are damaged. ${primary.damage}. ${backup.damage}`,
				advice: 'testdisk or gdisk can look for the lost partitions.',
			});
			return { table: undefined, from: 'neither', warnings };
		}
		warnings.push({
			message: `The primary GUID partition table is damaged, the backup is used. ${primary.damage}`,
			advice: repair,
		});
		return { table: backup.table, from: 'backup', warnings };
	}

	const { table } = primary;
	if (table.alternateLba !== lastLba) {
		warnings.push({
			message:
				`The backup GUID partition table does not end the disk: expected at sector ${lastLba}, ` +
				`found ${table.alternateLba}. The disk or its file has changed size`,
			advice: 'The partitions are read all the same. `sgdisk --move-second-header DISK` moves it.',
		});
	}
	const backup = await attempt(source, sectorSize, table.alternateLba);
	if (backup.table === undefined) {
		warnings.push({
			message: `The backup GUID partition table is damaged. ${backup.damage}`,
			advice: repair,
		});
	} else if (!sameContents(table, backup.table)) {
		warnings.push({
			message: 'The primary and the backup GUID partition table are both valid but differ; the primary is used',
			advice: 'Compare them with gdisk (expert commands) and write the right one.',
		});
	}
	return { table, from: 'primary', warnings };
}

async function attempt(
	source: ByteSource,
	sectorSize: SectorSize,
	lba: number,
): Promise<{ table: GptTable; damage?: undefined } | { table: undefined; damage: string }> {
	try {
		return { table: await readGptTable(source, sectorSize, lba) };
	} catch (error) {
		if (isAfterimageError(error, 'structure-damaged')) return { table: undefined, damage: error.message };
		throw error;
	}
}

function sameContents(a: GptTable, b: GptTable): boolean {
	return a.diskGuid === b.diskGuid && Buffer.compare(a.entries, b.entries) === 0;
}
