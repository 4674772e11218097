import type { RestorePreview, TablePreview } from '../../protocol/restore.ts';
import type { RestoreRequest } from '../requests/restore.ts';
import { bytesToClear } from './write/clear-ranges.ts';
import { plannedBytes, roomOf, shiftOf, type RestorePlan } from './restore-plan.ts';
import type { TablePlan } from './table/table-plan.ts';

/** What a planned restore would write, and where. */
export function previewOf(request: RestoreRequest, plan: RestorePlan<unknown>): RestorePreview {
	const { loads, shrunk, origin, table, created, path, size } = plan;
	const whole = loads.map((load) => {
		const { start, length } = load.partition._geometry;
		return { load, start: start + shiftOf(plan, load) + origin, length, room: roomOf(plan, load), imaged: length };
	});
	const smaller = shrunk.map(({ load, start, length }) => {
		return { load, start, length, room: length, imaged: load.partition._geometry.length };
	});
	const placed = [...whole, ...smaller].toSorted((a, b) => a.start - b.start);
	const partitions = placed.map(({ load, ...place }) => {
		const { partition, steps } = load;
		return {
			...place,
			number: partition._header.partition_number,
			fileSystem: partition._file_system.type,
			label: partition._file_system.volume_label,
			from: partition._geometry.start,
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
		bytes: plannedBytes(plan),
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
