import type { RestorePreview, TablePreview } from '../../protocol/restore.ts';
import { bytesOf } from '../load/load-plan.ts';
import type { RestoreRequest } from '../requests/restore.ts';
import { bytesToClear } from './write/clear-ranges.ts';
import { roomOf, type RestorePlan } from './restore-plan.ts';
import type { TablePlan } from './table/table-plan.ts';

/** What a planned restore would write, and where. */
export function previewOf(request: RestoreRequest, plan: RestorePlan<unknown>): RestorePreview {
	const { loads, shift, origin, table, created, path, size } = plan;
	const partitions = loads.map((load) => {
		const { partition, steps } = load;
		return {
			number: partition._header.partition_number,
			fileSystem: partition._file_system.type,
			label: partition._file_system.volume_label,
			from: partition._geometry.start,
			start: partition._geometry.start + shift + origin,
			length: partition._geometry.length,
			room: roomOf(plan, load),
			blocks: steps.reduce((sum, step) => sum + step.blocks, 0),
			bytes: steps.reduce((sum, step) => sum + step.bytes, 0),
		};
	});
	return {
		dryRun: true,
		target: path,
		size,
		created,
		table: table && tableOf(table, request.newDiskId),
		partitions,
		bytes: bytesOf(loads),
		blocks: partitions.reduce((sum, { blocks }) => sum + blocks, 0),
		clearedBytes: request.freeSpace === 'keep' || created ? 0 : bytesToClear(plan),
		warnings: plan.warnings,
		notes: plan.notes,
	};
}

function tableOf({ kind, diskId, partitions, writes }: TablePlan, newDiskId: boolean): TablePreview {
	return {
		kind,
		diskId: newDiskId ? undefined : diskId,
		partitions: partitions.map(({ number, start, length }) => ({ number, offset: start, length })),
		writes: writes.map(({ offset, data }) => ({ offset, length: data.length })),
	};
}
