import type { ManifestDisk } from '../../../image/manifest.ts';
import type { DiskMetadata } from '../../../image/reader.ts';
import { barePlan } from './plan-bare.ts';
import { gptPlan } from './plan-gpt.ts';
import { mbrPlan } from './plan-mbr.ts';
import { checkSize, endOf, type TableOptions, type TablePlan } from './table-plan.ts';

/**
 * Plans boot sectors and partition table of a restored disk. Pure.
 * @throws AfterimageError `target-too-small` with the size that is needed; `invalid-argument` for new ids without a table
 */
export async function planTable(disk: ManifestDisk, metadata: DiskMetadata, options: TableOptions): Promise<TablePlan> {
	const plan = await planFormat(disk, metadata, options);
	const wanted = disk.partitions.filter((partition) => options.only?.includes(partition._geometry.start) ?? true);
	const ends = wanted.map(({ _geometry: { start, length } }) => {
		const place = plan.packing?.places.get(start);
		return place === undefined ? start + length : place.start + place.length;
	});
	checkSize(Math.max(0, ...ends, ...plan.writes.map(endOf)), options.targetSize);
	return plan;
}

/**
 * Plans them for a target of the imaged disk's own size, with the ids and partitions that it had.
 * @throws AfterimageError `target-too-small` for an image whose partitions reach over the end of their disk
 */
export function planSameTable(disk: ManifestDisk, metadata: DiskMetadata): Promise<TablePlan> {
	const targetSize = disk._geometry.disk_size;
	return planTable(disk, metadata, { targetSize, newIds: undefined, only: undefined, grow: undefined });
}

async function planFormat(disk: ManifestDisk, metadata: DiskMetadata, options: TableOptions): Promise<TablePlan> {
	switch (disk._header.disk_format) {
		case 'gpt':
			return gptPlan(disk, metadata, options);
		case 'mbr':
			return mbrPlan(disk, metadata, options);
		default:
			return barePlan(disk, metadata.track0, options);
	}
}
