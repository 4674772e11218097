import type { ExtendedPartition, Partition } from '../layout.ts';
import type { PlannedWrite } from '../planned-write.ts';
import { setEnd } from './chs.ts';
import { entriesOf, isUsed, type MbrEntryView } from './entries.ts';
import type { MbrReading } from './read.ts';
import { extendedTypes } from './structures.ts';

/** What stays of a table. */
export interface KeptMbr {
	readonly partitions: readonly Partition[];
	/** Those with kept partitions, and empty ones. */
	readonly extended: readonly ExtendedPartition[];
	/** Where extended partitions end at the latest, unless a kept partition reaches further: bytes; undefined = they keep their ends. */
	readonly end: number | undefined;
}

/**
 * Plans a master boot record and the chains of its extended partitions with only some of the partitions. Logical ones
 * count from 5 in the order of the chain, so that those behind a dropped one have lower numbers than before.
 * To be written in the order given: the MBR last.
 * @param sector first sector of the source
 * @param reading what `readMbr` read of it
 */
export function rebuildMbr(sector: Uint8Array, reading: MbrReading, kept: KeptMbr, sectorSize: number): PlannedWrite[] {
	const own = sector.slice();
	const entries = entriesOf(own);
	const clearNumber = ({ number }: { readonly number: number }) => clear(entries[number - 1]!);
	reading.partitions
		.filter((one) => one.entry.kind === 'primary' && !kept.partitions.includes(one))
		.forEach(clearNumber);
	reading.extended.filter((one) => !kept.extended.includes(one)).forEach(clearNumber);
	const chains = kept.extended.flatMap((extended) => {
		const logical = logicalOf(extended, kept.partitions);
		const end = Math.max(kept.end ?? Infinity, ...logical.map(({ start, length }) => start + length));
		if (extended.start + extended.length > end) shorten(entries[extended.number - 1]!, end, sectorSize);
		return chainOf(extended, logical, sectorSize);
	});
	return [...chains, { offset: 0, data: own }];
}

/** The logical partitions that lie in an extended one. */
export function logicalOf(extended: ExtendedPartition, partitions: readonly Partition[]): Partition[] {
	const end = extended.start + extended.length;
	return partitions.filter(({ entry, start }) => entry.kind === 'logical' && start >= extended.start && start < end);
}

/**
 * The extended boot records that describe kept partitions, or one without any. The first stands where the extended
 * partition begins, since nothing else leads to it; the others stay where they are.
 */
function chainOf(extended: ExtendedPartition, kept: readonly Partition[], sectorSize: number): PlannedWrite[] {
	const base = extended.start / sectorSize;
	const starts = new Set(kept.map(({ start }) => start / sectorSize));
	const links = new Map<number, Uint8Array>();
	for (const { sector } of extended.records) {
		const link = entriesOf(sector).find(isLink);
		if (link !== undefined) links.set(base + link.firstLba, link.bytes);
	}
	const records = extended.records.map(({ sector, offset }) => {
		const lba = offset / sectorSize;
		const describes = (entry: MbrEntryView) => isUsed(entry) && !isLink(entry) && starts.has(lba + entry.firstLba);
		return { sector, lba, describes };
	});
	const describing = records.filter(({ sector, describes }) => entriesOf(sector).some(describes));
	const chain = describing.length === 0 ? records.slice(0, 1) : describing;
	return chain.map(({ sector, lba, describes }, i) => {
		const data = sector.slice();
		const place = i === 0 ? base : lba;
		const next = chain[i + 1];
		let link = next === undefined ? undefined : links.get(next.lba);
		for (const entry of entriesOf(data)) {
			if (describes(entry)) {
				entry.firstLba += lba - place;
			} else if (isLink(entry) && link !== undefined) {
				entry.bytes.set(link);
				link = undefined;
			} else {
				clear(entry);
			}
		}
		return { offset: place * sectorSize, data };
	});
}

/** The entry of an extended boot record that leads to the next. */
function isLink(entry: MbrEntryView): boolean {
	return isUsed(entry) && extendedTypes.has(entry.type);
}

function clear(entry: MbrEntryView): void {
	entry.bytes.fill(0);
}

function shorten(entry: MbrEntryView, end: number, sectorSize: number): void {
	const endLba = Math.floor(end / sectorSize);
	entry.sectors = endLba - entry.firstLba;
	setEnd(entry, endLba - 1);
}
