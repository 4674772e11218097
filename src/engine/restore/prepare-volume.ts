import { AfterimageError } from '../../base/errors.ts';
import { layoutOf } from '../disk-layout.ts';
import { bytesOf } from '../load/load-plan.ts';
import { expectNewFile } from '../ports/raw-file.ts';
import type { OpenDisk } from '../ports/disk-port.ts';
import type { Ports } from '../ports.ts';
import type { RestoreRequest } from '../requests/restore.ts';
import { checkRoom, checkSectors, onlyPartition } from './target/check-target.ts';
import type { TargetKind } from './target/choose-target.ts';
import { completePlan } from './complete-plan.ts';
import { copyNotes } from './copy-notes.ts';
import { guardTarget } from './target/guard-target.ts';
import { planMove, type NewPlace } from './plan-move.ts';
import type { RestoreSource, TargetAccess } from './restore-source.ts';
import { nothingShrunk, type RestorePlan } from './restore-plan.ts';
import { checkSize } from './table/table-plan.ts';

/** One partition onto all of the target: a partition's device, a logical volume, a raw file of one file system. */
export async function prepareVolume<Made>(
	{ skipBadBlocks }: RestoreRequest,
	kind: TargetKind,
	{ chain, place, loads, images, read }: RestoreSource,
	access: TargetAccess<Made>,
	ports: Ports,
): Promise<RestorePlan<Made | OpenDisk>> {
	const { path: name } = kind.kind === 'disk' ? kind.device : kind;
	const load = onlyPartition(loads, kind.kind === 'partition' ? `${name} is a partition and` : `${name} as a volume`);
	const { start, length } = load.partition._geometry;
	const common = { loads, ...nothingShrunk, shift: -start, origin: 0, erased: [], table: undefined };
	const factsOf = (where: Pick<NewPlace, 'start' | 'length'>) =>
		planMove(load, { ...where, what: name, entry: undefined }, -start, read, skipBadBlocks);
	if (kind.kind === 'new') {
		expectNewFile(name);
		const facts = await factsOf({ start: 0, length });
		const warnings = [...facts.warnings, ...(await checkRoom(name, length, bytesOf(loads), ports))];
		const notes = [...facts.notes, ...(await copyNotes([load], read))];
		const target = await access.create(name, length);
		return { ...common, ...facts, target, path: name, what: name, size: length, created: true, notes, warnings };
	}
	const wholeDisk = kind.kind === 'partition' ? await ports.disks.describe(kind.disk) : kind.device;
	const range = kind.kind === 'partition' ? kind.node : { start: 0, length: wholeDisk.size };
	checkSectors(chain.manifest.disks[place]!, wholeDisk);
	await guardTarget(wholeDisk, range, images, ports);
	const facts = await factsOf(range);
	// What was checked, by the system's own path to it: one that the user named may lead elsewhere by now.
	const path = kind.kind === 'partition' ? kind.node.path : wholeDisk.path;
	const target = await access.open(path, wholeDisk.identity);
	try {
		checkSize(length, target.size);
		if (kind.kind === 'disk') await expectNoTable(target);
		const { path: opened } = target.device;
		const { size } = target;
		const plan = { ...common, ...facts, target, path: opened, what: opened, size, created: false };
		return await completePlan(plan, read);
	} catch (error) {
		await target.close();
		throw error;
	}
}

/** What is left of a table would contradict the volume, and name partitions in the middle of it. */
async function expectNoTable(target: OpenDisk): Promise<void> {
	const { table, partitions } = await layoutOf(target, target);
	if (table === 'none') return;
	const { path } = target.device;
	const numbers = partitions.map(({ number }) => number).join(', ') || 'none';
	throw new AfterimageError(
		'invalid-argument',
		`${path} is no volume: it has a partition table (partitions ${numbers})`,
		{
			advice: 'Name one of its partitions with --into, or clear the table first (wipefs --all, diskpart clean).',
			details: { target: path, table },
		},
	);
}
