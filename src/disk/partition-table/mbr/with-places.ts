import type { PlannedWrite } from '../planned-write.ts';
import { setEnd, setStart } from './chs.ts';
import { entriesOf, isUsed, type MbrEntryView } from './entries.ts';
import { extendedTypes } from './structures.ts';

/** A range of the disk, in bytes. */
export interface MbrPlace {
	readonly start: number;
	readonly length: number;
}

/** Where everything goes that master and extended boot records name, by its first byte in them. */
export interface MbrPlaces {
	readonly partitions: ReadonlyMap<number, MbrPlace>;
	readonly extended: ReadonlyMap<number, MbrPlace>;
	/** Extended boot records, each with the logical partition behind it. */
	readonly records: ReadonlyMap<number, MbrPlace>;
}

/**
 * Copies of master and extended boot records in which everything lies elsewhere.
 * @param places whole sectors, and all that the records name
 */
export function withMbrPlaces(
	records: readonly PlannedWrite[],
	{ partitions, extended, records: placed }: MbrPlaces,
	sectorSize: number,
): PlannedWrite[] {
	const containers = [...extended.keys()];
	return records.map(({ offset, data: original }) => {
		const data = original.slice();
		// Links count from the beginning of the extended partition, everything else from the record that names it.
		const container = containers.filter((start) => start <= offset).reduce((last, start) => Math.max(last, start), 0);
		const at = placed.get(offset)?.start ?? offset;
		for (const entry of entriesOf(data)) {
			if (!isUsed(entry)) continue;
			const link = extendedTypes.has(entry.type);
			const [from, to] = link && offset !== 0 ? [container, extended.get(container)?.start ?? container] : [offset, at];
			const named = from + entry.firstLba * sectorSize;
			const place = (link ? (offset === 0 ? extended : placed) : partitions).get(named);
			if (place !== undefined) lieAt(entry, place, to, sectorSize);
		}
		return { offset: at, data };
	});
}

/** @param base byte from which the entry counts */
function lieAt(entry: MbrEntryView, { start, length }: MbrPlace, base: number, sectorSize: number): void {
	entry.firstLba = (start - base) / sectorSize;
	entry.sectors = length / sectorSize;
	setStart(entry, start / sectorSize);
	setEnd(entry, (start + length) / sectorSize - 1);
}
