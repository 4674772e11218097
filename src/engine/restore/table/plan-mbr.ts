import type { ExtendedPartition, Partition } from '../../../disk/partition-table/layout.ts';
import { readMbr, withMbrSignature } from '../../../disk/partition-table/mbr/read.ts';
import { logicalOf, rebuildMbr } from '../../../disk/partition-table/mbr/rebuild.ts';
import { mbrEntryCount } from '../../../disk/partition-table/mbr/structures.ts';
import { withMbrEnd, type MovedEnd } from '../../../disk/partition-table/mbr/with-end.ts';
import type { PlannedWrite } from '../../../disk/partition-table/planned-write.ts';
import type { ManifestDisk } from '../../../image/manifest.ts';
import type { DiskMetadata } from '../../../image/reader.ts';
import { grownEnd } from './grown-end.ts';
import { newIdsNote } from './new-ids.ts';
import { packMbr } from './pack-mbr.ts';
import { between, firstStart, keepPacked, keepPartitions, type TableOptions, type TablePlan } from './table-plan.ts';

/**
 * A table that stays as it is is written bit for bit, with all its extended boot records. Where partitions are dropped,
 * their chain is linked anew; an extended partition that reaches over the end of a smaller target is cut there.
 */
export async function mbrPlan(
	disk: ManifestDisk,
	{ track0, ept }: DiskMetadata,
	options: TableOptions,
): Promise<TablePlan> {
	const sectorSize = disk._geometry.bytes_per_sector === 4096 ? 4096 : 512;
	const { newIds } = options;
	const own = track0.slice(0, sectorSize);
	const sector = newIds === undefined ? own : withMbrSignature(own, newIds.disk);
	const reading = await readMbr(memoryDisk(track0, ept, disk._geometry.disk_size), own, sectorSize);
	const end = Math.floor(options.targetSize / sectorSize) * sectorSize;
	const { shrink } = options;
	const { kept, warnings } =
		shrink === undefined
			? keepPartitions(reading.partitions, disk, options.only, end)
			: keepPacked(reading.partitions, disk, options, shrink);
	const extended = reading.extended.filter((one) => {
		if (logicalOf(one, kept).length > 0) return true;
		// It holds nothing, and would have to be moved.
		if (shrink !== undefined) return false;
		const wasEmpty = logicalOf(one, reading.partitions).length === 0;
		return options.only === undefined && wasEmpty && one.start + sectorSize <= end;
	});
	const smaller = shrink === undefined && options.targetSize < disk._geometry.disk_size;
	const unchanged =
		kept.length === reading.partitions.length &&
		extended.length === reading.extended.length &&
		!(smaller && extended.some((one) => one.start + one.length > end));
	const chain = ept.map(({ sector: data, diskOffset }) => ({ offset: diskOffset, data }));
	const unmoved = unchanged
		? [...chain, { offset: 0, data: sector }]
		: rebuildMbr(sector, reading, { partitions: kept, extended, end: smaller ? end : undefined }, sectorSize);
	const packed = shrink && packMbr({ kept, extended, records: unmoved }, shrink, sectorSize);
	const records = packed?.records ?? unmoved;
	const first = firstStart(disk, [...kept, ...extended], track0.length);
	const grown = grownIn(kept, extended, records, options.grow, end, sectorSize);
	const container = grown && extended.find((one) => logicalOf(one, [grown]).length > 0);
	const table = grown === undefined ? records : withMbrEnd(records, movedEnd(grown, container), sectorSize);
	const partitions = renumbered(
		kept.map((partition) =>
			partition.number === grown?.number ? grown : { ...partition, ...packed?.packing.places.get(partition.start) },
		),
	);
	return {
		kind: 'mbr',
		writes: [...between(track0, Math.min(sectorSize, first), first), ...table],
		invalidate: [{ offset: 0, length: Math.min(sectorSize, first) }],
		partitions,
		diskId: newIds?.disk ?? disk._header.disk_signature,
		warnings,
		notes: [
			...kept.flatMap(({ number }, i) => renumberedNote(number, partitions[i]!.number)),
			...containerNote(grown, container),
			...(newIds === undefined ? [] : [newIdsNote('The disk, and with it its partitions, have')]),
		],
		...(packed === undefined ? {} : { packing: packed.packing }),
	};
}

/** A sector number of an MBR has 32 bits. */
const mostSectors = 2 ** 32;

/**
 * The partition that grows, with its new length. The extended partition grows with the last of its logical ones.
 * @param end of the target
 */
function grownIn(
	kept: readonly Partition[],
	extended: readonly ExtendedPartition[],
	records: readonly PlannedWrite[],
	grow: number | undefined,
	end: number,
	sectorSize: number,
): Partition | undefined {
	const partition = kept.find(({ start }) => start === grow);
	// What does not fit as it is is refused with the size that is needed.
	if (partition === undefined || kept.some(({ start, length }) => start + length > end)) return undefined;
	const limits = [
		...kept.map(({ start, number }) => ({ at: start, what: `partition ${number}` })),
		...extended.map(({ start, number }) => ({ at: start, what: `the extended partition ${number}` })),
		...records.map(({ offset }) => ({ at: offset, what: 'the record of the next logical partition' })),
		{ at: end, what: 'the end of the target' },
		{ at: mostSectors * sectorSize, what: 'the last sector that an MBR can name' },
	];
	return { ...partition, length: grownEnd(partition, limits) - partition.start };
}

function movedEnd({ start, length }: Partition, container: ExtendedPartition | undefined): MovedEnd {
	return { start, end: start + length, container: container?.start };
}

function containerNote(grown: Partition | undefined, container: ExtendedPartition | undefined): string[] {
	if (grown === undefined || container === undefined) return [];
	if (grown.start + grown.length <= container.start + container.length) return [];
	return [`The extended partition ${container.number} grows with partition ${grown.number}, which it holds`];
}

/** Logical partitions are counted by their places in the chain. */
function renumbered(kept: readonly Partition[]): Partition[] {
	let next = mbrEntryCount + 1;
	return kept.map((partition) => (partition.entry.kind === 'logical' ? { ...partition, number: next++ } : partition));
}

function renumberedNote(before: number, now: number): string[] {
	if (before === now) return [];
	return [`Partition ${before} has number ${now} on the target: logical partitions count from 5 without gaps`];
}

/** The sectors that an image keeps of a disk, as a disk; everything else reads as zeros. */
function memoryDisk(track0: Uint8Array, ept: DiskMetadata['ept'], size: number) {
	return {
		size,
		async read(offset: number, target: Uint8Array): Promise<void> {
			target.fill(0);
			const pieces = [{ diskOffset: 0, sector: track0 }, ...ept];
			for (const { diskOffset, sector } of pieces) {
				const from = Math.max(offset, diskOffset);
				const to = Math.min(offset + target.length, diskOffset + sector.length);
				if (to > from) target.set(sector.subarray(from - diskOffset, to - diskOffset), from - offset);
			}
		},
	};
}
