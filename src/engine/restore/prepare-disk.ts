import { bytesOf, type PartitionLoad } from '../load/load-plan.ts';
import { expectNewFile } from '../ports/raw-file.ts';
import type { OpenDisk, Ports } from '../ports.ts';
import type { RestoreRequest } from '../requests/restore.ts';
import { checkRoom, checkSectors } from './target/check-target.ts';
import { fitPartitions, type TargetKind } from './target/choose-target.ts';
import { completePlan } from './complete-plan.ts';
import { copyNotes } from './copy-notes.ts';
import { noGrowth } from './table/grown-end.ts';
import { guardTarget } from './target/guard-target.ts';
import { noNewIds, randomIds } from './table/new-ids.ts';
import { planMove, type MoveFacts } from './plan-move.ts';
import { planTable } from './table/plan-table.ts';
import type { RestoreSource, TargetAccess } from './prepare.ts';
import type { RestorePlan } from './restore-plan.ts';
import type { TablePlan } from './table/table-plan.ts';

/** A whole disk, or partitions that go where they were. */
export async function prepareDisk<Made>(
	request: RestoreRequest,
	kind: Exclude<TargetKind, { kind: 'partition' }>,
	source: RestoreSource,
	access: TargetAccess<Made>,
	ports: Ports,
): Promise<RestorePlan<Made | OpenDisk>> {
	const { chain, place, loads, images } = source;
	const disk = chain.manifest.disks[place]!;
	const growing = loads.filter(({ partition }) => partition._header.partition_number === request.grow);
	const options = {
		newIds: request.newDiskId ? randomIds(disk) : undefined,
		only: request.partitions === undefined ? undefined : loads.map((load) => load.partition._geometry.start),
		grow: growing[0]?.partition._geometry.start,
	};
	const tableFor = (targetSize: number) => planTable(disk, chain.disks[place]!, { targetSize, ...options });
	const withTable = async (table: TablePlan) => {
		const rooms = new Map(table.partitions.map(({ start, length }) => [start, length]));
		const facts = await planRooms(growing, rooms, source, request);
		return {
			...facts,
			table,
			notes: [...table.notes, ...facts.notes],
			warnings: [...table.warnings, ...facts.warnings],
		};
	};
	const common = { loads, shift: 0, origin: 0, erased: [] };
	if (kind.kind === 'new') {
		const { path } = kind;
		const size = disk._geometry.disk_size;
		// Also makes sure that the table fits before the file is made.
		const plan = await withTable(await tableFor(size));
		expectNewFile(path);
		const warnings = [...plan.warnings, ...(await checkRoom(path, size, bytesOf(loads), ports))];
		const notes = [...plan.notes, ...(await copyNotes(loads, source.read))];
		const target = await access.create(path, size);
		return { ...common, ...plan, target, path, what: path, size, created: true, notes, warnings };
	}
	const { device } = kind;
	checkSectors(disk, device);
	await guardTarget(device, { start: 0, length: device.size }, images, ports);
	if (request.partitions === undefined) await tableFor(device.size);
	// What was checked, by the system's own path to it: one that the user named may lead elsewhere by now.
	const target = await access.open(device.path, device.identity);
	try {
		const { path } = target.device;
		const opened = { ...common, target, path, what: path, size: target.size, created: false };
		const rooms = request.partitions === undefined ? undefined : await fitPartitions(target, loads);
		if (rooms === undefined)
			return await completePlan({ ...opened, ...(await withTable(await tableFor(target.size))) }, source.read);
		if (request.newDiskId) throw noNewIds(`${path} keeps its partition table`);
		if (request.grow !== undefined) throw noGrowth(`${path} keeps its partition table`);
		const kept = { ...opened, ...(await planRooms(loads, rooms, source, request)), table: undefined };
		return await completePlan(kept, source.read);
	} catch (error) {
		await target.close();
		throw error;
	}
}

/** What is otherwise for partitions that have more room than they had, in the same place. */
async function planRooms(
	loads: readonly PartitionLoad[],
	rooms: ReadonlyMap<number, number>,
	{ read }: RestoreSource,
	{ skipBadBlocks }: RestoreRequest,
): Promise<MoveFacts> {
	const facts: MoveFacts[] = [];
	for (const load of loads) {
		const { _geometry, _header } = load.partition;
		const { start } = _geometry;
		const length = rooms.get(start) ?? 0;
		if (length <= _geometry.length) continue;
		const where = { what: `Partition ${_header.partition_number}`, start, length, entry: undefined };
		facts.push(await planMove(load, where, 0, read, skipBadBlocks));
	}
	return {
		rooms,
		moved: facts.flatMap(({ moved }) => moved),
		notes: facts.flatMap(({ notes }) => notes),
		warnings: facts.flatMap(({ warnings }) => warnings),
	};
}
