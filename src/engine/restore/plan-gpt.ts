import { MemoryBytes } from '../../base/bytes.ts';
import { isAfterimageError } from '../../base/errors.ts';
import { gptPartitions } from '../../disk/gpt/partitions.ts';
import { rebuildGpt } from '../../disk/gpt/rebuild.ts';
import { readGptTable, type GptTable } from '../../disk/gpt/table.ts';
import type { ManifestDisk } from '../../image/manifest.ts';
import type { DiskMetadata } from '../../image/reader.ts';
import { gptBackupSize } from './backup-table-size.ts';
import { barePlan } from './plan-bare.ts';
import { newIdsNote } from './new-ids.ts';
import { between, endOf, firstStart, keepPartitions, type TableOptions, type TablePlan } from './table-plan.ts';

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
	const { kept, warnings } = keepPartitions(all, disk, options.only, end - tail);
	const keep = kept.length === all.length ? {} : { keep: kept.map((partition) => partition.number) };
	const { newIds } = options;
	const ids = newIds === undefined ? {} : { diskGuid: newIds.disk, partitionGuid: newIds.partition };
	const tableWrites = rebuildGpt(table, track0.subarray(0, sectorSize), options.targetSize, { ...keep, ...ids });
	const first = firstStart(disk, kept, track0.length);
	const headEnd = Math.max(2 * sectorSize, ...tableWrites.filter(({ offset }) => offset < first).map(endOf));
	return {
		kind: 'gpt',
		writes: [...between(track0, Math.min(headEnd, first), first), ...tableWrites],
		invalidate: [
			{ offset: 0, length: Math.min(headEnd, first) },
			{ offset: end - tail, length: tail },
		],
		partitions: kept,
		diskId: newIds?.disk ?? table.diskGuid,
		warnings,
		notes: newIds === undefined ? [] : [newIdsNote('The disk and its partitions have')],
	};
}
