import { GptEntry } from './structures.ts';
import type { GptTable } from './table.ts';

/** Where a partition goes. Bytes of the disk. */
export interface GptPlace {
	readonly number: number;
	readonly start: number;
	readonly length: number;
}

/** A copy of a table in which partitions lie elsewhere. @param places whole sectors */
export function withPlaces(table: GptTable, places: readonly GptPlace[]): GptTable {
	const entries = table.entries.slice();
	for (const { number, start, length } of places) {
		const entry = new GptEntry(entries, (number - 1) * table.entrySize);
		entry.firstLba = start / table.sectorSize;
		entry.lastLba = (start + length) / table.sectorSize - 1;
	}
	return { ...table, entries };
}
