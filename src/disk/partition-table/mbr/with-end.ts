import type { PlannedWrite } from '../planned-write.ts';
import { setEnd } from './chs.ts';
import { entriesOf, isUsed } from './entries.ts';
import { extendedTypes } from './structures.ts';

/**
 * Copies of master and extended boot records in which the partition that begins at `start` ends elsewhere.
 * @param start byte of the disk
 * @param end byte of the disk, exclusive
 */
export function withMbrEnd(
	records: readonly PlannedWrite[],
	start: number,
	end: number,
	sectorSize: number,
): PlannedWrite[] {
	return records.map(({ offset, data: original }) => {
		const data = original.slice();
		for (const entry of entriesOf(data)) {
			if (!isUsed(entry) || extendedTypes.has(entry.type) || offset + entry.firstLba * sectorSize !== start) continue;
			entry.sectors = (end - start) / sectorSize;
			setEnd(entry, end / sectorSize - 1);
		}
		return { offset, data };
	});
}
