import type { PlannedWrite } from '../planned-write.ts';
import { setEnd } from './chs.ts';
import { entriesOf, isUsed, type MbrEntryView } from './entries.ts';
import { extendedTypes } from './structures.ts';

/** A partition that ends elsewhere than its table says. Bytes of the disk. */
export interface MovedEnd {
	readonly start: number;
	/** Exclusive. */
	readonly end: number;
	/** Where the extended partition begins that holds it; undefined for a primary one. */
	readonly container: number | undefined;
}

/**
 * Copies of master and extended boot records in which a partition ends elsewhere. What holds a logical one, the extended
 * partition and the link to its record, reaches at least as far.
 */
export function withMbrEnd(
	records: readonly PlannedWrite[],
	{ start, end, container }: MovedEnd,
	sectorSize: number,
): PlannedWrite[] {
	const isIt = (entry: MbrEntryView, offset: number) =>
		isUsed(entry) && !extendedTypes.has(entry.type) && offset + entry.firstLba * sectorSize === start;
	const describing = records.find(({ offset, data }) => entriesOf(data).some((entry) => isIt(entry, offset)));
	return records.map(({ offset, data: original }) => {
		const data = original.slice();
		for (const entry of entriesOf(data)) {
			if (isIt(entry, offset)) {
				endAt(entry, start, end, sectorSize);
			} else if (container !== undefined && isUsed(entry) && extendedTypes.has(entry.type)) {
				// In the master boot record it counts from the disk's start, in a link from that of the extended partition.
				const held = (offset === 0 ? 0 : container) + entry.firstLba * sectorSize;
				const leads = held === (offset === 0 ? container : describing?.offset);
				if (leads && held + entry.sectors * sectorSize < end) endAt(entry, held, end, sectorSize);
			}
		}
		return { offset, data };
	});
}

function endAt(entry: MbrEntryView, start: number, end: number, sectorSize: number): void {
	entry.sectors = (end - start) / sectorSize;
	setEnd(entry, end / sectorSize - 1);
}
