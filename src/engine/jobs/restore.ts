import { AfterimageError } from '../../base/errors.ts';
import type { Chain } from '../../image/chain.ts';
import type { ManifestDisk } from '../../image/manifest.ts';
import type { JobContext } from '../job-context.ts';
import { planLoad, type PartitionLoad } from '../load-plan.ts';
import { findPoint, openChainFiles, openNamed } from '../open-image.ts';
import type { DiskDevice } from '../ports.ts';
import { removeMade } from '../ports/raw-file.ts';
import type { RestoreRequest, RestoreResult } from '../requests.ts';
import { fitPartitions, targetKind, type TargetKind } from '../restore/choose-target.ts';
import { guardTarget } from '../restore/guard-target.ts';
import { noNewIds, randomIds } from '../restore/new-ids.ts';
import { planTable } from '../restore/plan-table.ts';
import type { RestorePlan } from '../restore/restore-plan.ts';
import { checkSize } from '../restore/table-plan.ts';
import { writeTarget } from '../restore/write-target.ts';

/**
 * Writes a disk of an image, or some of its partitions, to a device or raw file, through one descriptor; data first, the
 * partition table last. Whatever can be refused is refused before the first write.
 */
export async function runRestore(request: RestoreRequest, context: JobContext): Promise<RestoreResult> {
	const started = context.ports.clock.now();
	const codec = context.createCodec();
	try {
		const named = await findPoint(request.file, codec, context.signal);
		const chain = await openNamed(named, codec, request.password);
		const place = chooseDisk(chain, request.disk);
		const choice = { disk: place, partitions: request.partitions, sample: undefined };
		const loads = await planLoad(chain, choice, context.signal);
		const opened = await openChainFiles(chain);
		try {
			// All files of the set, also later ones: backups that stand on this one are overwritten by nobody on purpose.
			const { members, superseded } = named.set;
			const images = [...members, ...superseded].map((member) => member.path);
			const kind = await targetKind(request.target, context.ports);
			const plan = await preparePlan(request, kind, chain, place, loads, images, context);
			try {
				const result = await writeTarget(request, plan, opened, context);
				return { ...result, seconds: (context.ports.clock.now() - started) / 1000 };
			} catch (error) {
				if (plan.created) await removeMade(plan.target);
				throw error;
			} finally {
				await plan.target.close();
			}
		} finally {
			await opened.close();
		}
	} finally {
		codec.dispose();
	}
}

function chooseDisk(chain: Chain, number: number | undefined): number {
	const numbers = chain.manifest.disks.map((disk) => disk._header.disk_number);
	const place = number === undefined ? (numbers.length === 1 ? 0 : -1) : numbers.indexOf(number);
	if (place !== -1) return place;
	throw new AfterimageError(
		'invalid-argument',
		number === undefined
			? `The image holds disks ${numbers.join(', ')}: which of them?`
			: `The image holds no disk ${number}; it holds ${numbers.join(', ')}`,
		{ advice: 'Choose one with --disk.' },
	);
}

/** Checks the target in every way, opens it, and plans what is written around the data. */
async function preparePlan(
	request: RestoreRequest,
	kind: TargetKind,
	chain: Chain,
	place: number,
	loads: readonly PartitionLoad[],
	images: readonly string[],
	context: JobContext,
): Promise<RestorePlan> {
	const { disks } = context.ports;
	const disk = chain.manifest.disks[place]!;
	const metadata = chain.disks[place]!;
	const only = request.partitions === undefined ? undefined : loads.map((load) => load.partition._geometry.start);
	const newIds = request.newDiskId ? randomIds(disk) : undefined;
	const tableFor = (targetSize: number) => planTable(disk, metadata, { targetSize, newIds, only });
	if (kind.kind === 'partition' && request.newDiskId) throw noNewIds(`${kind.path} is a partition`);
	if (kind.kind === 'new') {
		// Also makes sure that the table fits before the file is made.
		const table = await tableFor(disk._geometry.disk_size);
		const target = await disks.openTarget(kind.path, { createSize: disk._geometry.disk_size });
		return { target, created: true, loads, shift: 0, table };
	}
	const wholeDisk = kind.kind === 'partition' ? await disks.describe(kind.disk) : kind.device;
	const range = kind.kind === 'partition' ? kind.node : { start: 0, length: wholeDisk.size };
	checkSectors(disk, wholeDisk);
	await guardTarget(wholeDisk, range, images, context.ports);
	if (kind.kind === 'disk' && request.partitions === undefined) await tableFor(wholeDisk.size);
	// What was checked, by the system's own path to it: one that the user named may lead elsewhere by now.
	const path = kind.kind === 'partition' ? kind.node.path : wholeDisk.path;
	const target = await disks.openTarget(path, { identity: wholeDisk.identity });
	try {
		if (kind.kind === 'partition') {
			const load = onlyPartition(loads, kind.path);
			checkSize(load.partition._geometry.length, target.size);
			return { target, created: false, loads, shift: -load.partition._geometry.start, table: undefined };
		}
		const fit = request.partitions === undefined ? 'blank' : await fitPartitions(target, loads);
		if (fit === 'table' && request.newDiskId) throw noNewIds(`${target.device.path} keeps its partition table`);
		const table = fit === 'blank' ? await tableFor(target.size) : undefined;
		return { target, created: false, loads, shift: 0, table };
	} catch (error) {
		await target.close();
		throw error;
	}
}

/** Partition tables and file systems count in sectors; nothing on a disk with other ones would be found again. */
function checkSectors(disk: ManifestDisk, target: DiskDevice): void {
	const sector = disk._geometry.bytes_per_sector;
	if (target.kind === 'file' || target.sectorSize === sector) return;
	throw new AfterimageError(
		'not-supported',
		`${target.path} has sectors of ${target.sectorSize} bytes, the imaged disk has ${sector}`,
		{
			advice: `Restore to a disk with sectors of ${sector} bytes, or to a raw file.`,
			details: { target: target.path, expected: sector, found: target.sectorSize },
		},
	);
}

function onlyPartition(loads: readonly PartitionLoad[], path: string): PartitionLoad {
	if (loads.length === 1) return loads[0]!;
	throw new AfterimageError('invalid-argument', `${path} is a partition and takes one, not ${loads.length}`, {
		advice: 'Choose one with --partition, or name a whole disk as the target.',
	});
}
