import { bytesOf } from '../load/load-plan.ts';
import { expectNewFile } from '../ports/raw-file.ts';
import type { DiskDevice, OpenDisk } from '../ports/disk-port.ts';
import type { Ports } from '../ports.ts';
import type { RestoreRequest } from '../requests/restore.ts';
import { checkRoom, checkSectors } from './target/check-target.ts';
import { fitPartitions, type TargetKind } from './target/choose-target.ts';
import { completePlan } from './complete-plan.ts';
import { copyNotes } from './copy-notes.ts';
import { DiskPlanner } from './disk-planner.ts';
import { noGrowth } from './table/grown-end.ts';
import { guardTarget } from './target/guard-target.ts';
import { noNewIds } from './table/new-ids.ts';
import { noShrinking } from './table/no-shrinking.ts';
import { planRooms } from './plan-rooms.ts';
import type { RestoreSource, TargetAccess } from './restore-source.ts';
import type { RestorePlan } from './restore-plan.ts';

/** A whole disk, or partitions that go where they were. */
export async function prepareDisk<Made>(
	request: RestoreRequest,
	kind: Exclude<TargetKind, { kind: 'partition' }>,
	source: RestoreSource,
	access: TargetAccess<Made>,
	ports: Ports,
): Promise<RestorePlan<Made | OpenDisk>> {
	const planner = new DiskPlanner(request, source, ports);
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
	expectNewFile(path);
	const size = await planner.sizeOfNewFile();
	// Also makes sure that the table fits before the file is made.
	const plan = await planner.withTable(size, access.shrinking);
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
	if (request.partitions === undefined) await planner.expectFit(device.size);
	// What was checked, by the system's own path to it: one that the user named may lead elsewhere by now.
	const target = await access.open(device.path, device.identity);
	try {
		const { path } = target.device;
		const opened = { ...planner.common, target, path, what: path, size: target.size, created: false };
		const rooms = request.partitions === undefined ? undefined : await fitPartitions(target, loads);
		if (rooms === undefined) {
			if (request.partitions !== undefined) await planner.expectFit(target.size);
			const plan = await planner.withTable(target.size, access.shrinking);
			return await completePlan({ ...opened, ...plan }, read);
		}
		if (request.newDiskId) throw noNewIds(`${path} keeps its partition table`);
		if (request.grow !== undefined) throw noGrowth(`${path} keeps its partition table`);
		if (request.shrink !== undefined) throw noShrinking(`${path} keeps its partition table`);
		const kept = { ...opened, ...(await planRooms(loads, rooms, planner.source, request)), table: undefined };
		return await completePlan(kept, read);
	} catch (error) {
		await target.close();
		throw error;
	}
}
