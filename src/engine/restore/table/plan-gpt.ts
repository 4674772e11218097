import { MemoryBytes } from '../../../base/bytes.ts';
import { isAfterimageError } from '../../../base/errors.ts';
import { gptPartitions } from '../../../disk/partition-table/gpt/partitions.ts';
import { rebuildGpt } from '../../../disk/partition-table/gpt/rebuild.ts';
import { readGptTable, type GptTable } from '../../../disk/partition-table/gpt/table.ts';
import { withEnd } from '../../../disk/partition-table/gpt/with-end.ts';
import { withPlaces } from '../../../disk/partition-table/gpt/with-places.ts';
import { mbrKind } from '../../../disk/partition-table/mbr/read.ts';
import type { ManifestDisk } from '../../../image/manifest.ts';
import type { DiskMetadata } from '../../../image/reader.ts';
import { gptBackupSize } from './backup-table-size.ts';
import { grownEnd, noGrowth } from './grown-end.ts';
import { barePlan } from './plan-bare.ts';
import { newIdsNote } from './new-ids.ts';
import { noShrinking } from './no-shrinking.ts';
import { pack } from './pack.ts';
import {
	between,
	endOf,
	firstStart,
	keepPacked,
	keepPartitions,
	packingOf,
	type Packing,
	type TableOptions,
	type TablePartition,
	type TablePlan,
} from './table-plan.ts';

/** @throws AfterimageError `target-too-small` with the size that partitions and the table behind them need */
export async function gptPlan(disk: ManifestDisk, { track0 }: DiskMetadata, options: TableOptions): Promise<TablePlan> {
	const sectorSize = disk._geometry.bytes_per_sector;
	let table: GptTable;
	try {
		table = await readGptTable(new MemoryBytes(track0), sectorSize, 1);
	} catch (error) {
		if (!isAfterimageError(error)) throw error;
		const plan = barePlan(disk, track0, options);
		return { ...plan, warnings: [`The image's partition table is damaged and is restored as it is. ${error.message}`] };
	}
	const all = gptPartitions(table).partitions;
	const tail = gptBackupSize(table);
	const end = Math.floor(options.targetSize / sectorSize) * sectorSize;
	const { shrink } = options;
	const { kept, warnings } =
		shrink === undefined ? keepPartitions(all, disk, options.only, end - tail) : keepPacked(all, disk, options, shrink);
	const packing = shrink && packGpt(kept, shrink, tail);
	const keep = kept.length === all.length ? {} : { keep: kept.map((partition) => partition.number) };
	const { newIds } = options;
	const ids = newIds === undefined ? {} : { diskGuid: newIds.disk, partitionGuid: newIds.partition };
	const mbr = track0.subarray(0, sectorSize);
	const grown = grownIn(kept, options.grow, end - tail);
	if (mbrKind(mbr) === 'hybrid') {
		const why = 'A hybrid MBR of the imaged disk names the lengths of partitions too';
		if (grown !== undefined) throw noGrowth(why);
		if (packing !== undefined) throw noShrinking(why);
	}
	const placed = packing === undefined ? table : withPlaces(table, [...packing.places.values()]);
	const own = grown === undefined ? placed : withEnd(placed, grown.number, grown.start + grown.length);
	const tableWrites = rebuildGpt(own, mbr, options.targetSize, { ...keep, ...ids });
	const first = firstStart(disk, kept, track0.length);
	const headEnd = Math.max(2 * sectorSize, ...tableWrites.filter(({ offset }) => offset < first).map(endOf));
	return {
		kind: 'gpt',
		writes: [...between(track0, Math.min(headEnd, first), first), ...tableWrites],
		invalidate: [
			{ offset: 0, length: Math.min(headEnd, first) },
			{ offset: end - tail, length: tail },
		],
		partitions: kept.map((partition) =>
			partition.number === grown?.number ? grown : (packing?.places.get(partition.start) ?? partition),
		),
		diskId: newIds?.disk ?? table.diskGuid,
		warnings,
		notes: newIds === undefined ? [] : [newIdsNote('The disk and its partitions have')],
		...(packing === undefined ? {} : { packing }),
	};
}

function packGpt(kept: readonly TablePartition[], lengths: ReadonlyMap<number, number>, tail: number): Packing {
	const units = kept.map((partition) => ({
		start: partition.start,
		partition,
		end: partition.start + partition.length,
	}));
	return packingOf(pack(units, lengths), tail);
}

/** The partition that grows, with its new length. @param end of the space for partitions, a byte of the target */
function grownIn(kept: readonly TablePartition[], grow: number | undefined, end: number): TablePartition | undefined {
	const partition = kept.find(({ start }) => start === grow);
	// What does not fit as it is is refused with the size that is needed.
	if (partition === undefined || kept.some(({ start, length }) => start + length > end)) return undefined;
	const others = kept.map(({ start, number }) => ({ at: start, what: `partition ${number}` }));
	const limits = [...others, { at: end, what: 'the end of the target' }];
	return { ...partition, length: grownEnd(partition, limits) - partition.start };
}
