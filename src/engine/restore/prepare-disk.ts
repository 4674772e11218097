import type { ManifestDisk } from '../../image/manifest.ts';
import { bytesOf, type PartitionLoad } from '../load/load-plan.ts';
import { expectNewFile } from '../ports/raw-file.ts';
import type { DiskDevice, OpenDisk } from '../ports/disk-port.ts';
import type { Ports } from '../ports.ts';
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
import type { RestoreSource, TargetAccess } from './restore-source.ts';
import type { RestorePlan } from './restore-plan.ts';
import type { TableOptions, TablePlan } from './table/table-plan.ts';

/** A whole disk, or partitions that go where they were. */
export async function prepareDisk<Made>(
	request: RestoreRequest,
	kind: Exclude<TargetKind, { kind: 'partition' }>,
	source: RestoreSource,
	access: TargetAccess<Made>,
	ports: Ports,
): Promise<RestorePlan<Made | OpenDisk>> {
	const planner = new DiskPlanner(request, source);
	if (kind.kind === 'new') return prepareNewFile(kind.path, planner, access, ports);
	return prepareExisting(kind.device, planner, access, ports);
}

async function prepareNewFile<Made>(
	path: string,
	planner: DiskPlanner,
	access: TargetAccess<Made>,
	ports: Ports,
): Promise<RestorePlan<Made>> {
	const { loads, read } = planner.source;
	const size = planner.disk._geometry.disk_size;
	// Also makes sure that the table fits before the file is made.
	const plan = await planner.withTable(size);
	expectNewFile(path);
	const warnings = [...plan.warnings, ...(await checkRoom(path, size, bytesOf(loads), ports))];
	const notes = [...plan.notes, ...(await copyNotes(loads, read))];
	const target = await access.create(path, size);
	return { ...planner.common, ...plan, target, path, what: path, size, created: true, notes, warnings };
}

async function prepareExisting(
	device: DiskDevice,
	planner: DiskPlanner,
	access: TargetAccess<unknown>,
	ports: Ports,
): Promise<RestorePlan> {
	const { request, disk } = planner;
	const { loads, images, read } = planner.source;
	checkSectors(disk, device);
	await guardTarget(device, { start: 0, length: device.size }, images, ports);
	if (request.partitions === undefined) await planner.tableFor(device.size);
	// What was checked, by the system's own path to it: one that the user named may lead elsewhere by now.
	const target = await access.open(device.path, device.identity);
	try {
		const { path } = target.device;
		const opened = { ...planner.common, target, path, what: path, size: target.size, created: false };
		const rooms = request.partitions === undefined ? undefined : await fitPartitions(target, loads);
		if (rooms === undefined) {
			return await completePlan({ ...opened, ...(await planner.withTable(target.size)) }, read);
		}
		if (request.newDiskId) throw noNewIds(`${path} keeps its partition table`);
		if (request.grow !== undefined) throw noGrowth(`${path} keeps its partition table`);
		const kept = { ...opened, ...(await planRooms(loads, rooms, planner.source, request)), table: undefined };
		return await completePlan(kept, read);
	} catch (error) {
		await target.close();
		throw error;
	}
}

/** Plans the table of a target, and what follows from it. */
class DiskPlanner {
	readonly request: RestoreRequest;
	readonly source: RestoreSource;
	readonly disk: ManifestDisk;
	/** What is the same of every target. */
	readonly common: Pick<RestorePlan, 'loads' | 'shift' | 'origin' | 'erased'>;
	/** The one partition that takes the free space behind it; none where none grows. */
	readonly #growing: readonly PartitionLoad[];
	readonly #options: Omit<TableOptions, 'targetSize'>;

	constructor(request: RestoreRequest, source: RestoreSource) {
		const { chain, place, loads } = source;
		this.request = request;
		this.source = source;
		this.disk = chain.manifest.disks[place]!;
		this.common = { loads, shift: 0, origin: 0, erased: [] };
		this.#growing = loads.filter(({ partition }) => partition._header.partition_number === request.grow);
		this.#options = {
			newIds: request.newDiskId ? randomIds(this.disk) : undefined,
			only: request.partitions === undefined ? undefined : loads.map((load) => load.partition._geometry.start),
			grow: this.#growing[0]?.partition._geometry.start,
		};
	}

	/** @param targetSize bytes @throws AfterimageError as `planTable` */
	tableFor(targetSize: number): Promise<TablePlan> {
		const { chain, place } = this.source;
		return planTable(this.disk, chain.disks[place]!, { targetSize, ...this.#options });
	}

	/** The table of a target, with what is told of it and of the partition that grows. */
	async withTable(targetSize: number): Promise<MoveFacts & { readonly table: TablePlan }> {
		const table = await this.tableFor(targetSize);
		const rooms = new Map(table.partitions.map(({ start, length }) => [start, length]));
		const facts = await planRooms(this.#growing, rooms, this.source, this.request);
		return {
			...facts,
			table,
			notes: [...table.notes, ...facts.notes],
			warnings: [...table.warnings, ...facts.warnings],
		};
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
