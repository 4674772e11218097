import { GptEntry } from './structures.ts';
import type { GptTable } from './table.ts';

/** A copy of a table in which a partition ends elsewhere. @param end byte of the disk, exclusive */
export function withEnd(table: GptTable, number: number, end: number): GptTable {
	const entries = table.entries.slice();
	new GptEntry(entries, (number - 1) * table.entrySize).lastLba = end / table.sectorSize - 1;
	return { ...table, entries };
}
