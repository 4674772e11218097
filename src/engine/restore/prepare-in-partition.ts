import { AfterimageError } from '../../base/errors.ts';
import type { Partition } from '../../disk/partition-table/layout.ts';
import { layoutOf } from '../disk-layout.ts';
import type { DiskDevice, OpenDisk } from '../ports/disk-port.ts';
import type { Ports } from '../ports.ts';
import type { RestoreRequest } from '../requests/restore.ts';
import { checkSectors, onlyPartition } from './target/check-target.ts';
import type { TargetKind } from './target/choose-target.ts';
import { completePlan } from './complete-plan.ts';
import { guardTarget } from './target/guard-target.ts';
import { planMove } from './plan-move.ts';
import type { RestoreSource, TargetAccess } from './restore-source.ts';
import { nothingShrunk, type RestorePlan } from './restore-plan.ts';
import { targetPartition } from './target/target-partition.ts';

/** One partition into another of the target's own table, of which nothing is written. */
export async function prepareInPartition(
	{ skipBadBlocks }: RestoreRequest,
	number: number,
	kind: TargetKind,
	{ chain, place, loads, images, read }: RestoreSource,
	access: TargetAccess<unknown>,
	ports: Ports,
): Promise<RestorePlan> {
	const device = expectDisk(kind, number);
	const { path, identity } = device;
	const load = onlyPartition(loads, `Partition ${number} of ${path}`);
	const disk = chain.manifest.disks[place]!;
	const { start, length } = load.partition._geometry;
	checkSectors(disk, device);
	const find = async (target: OpenDisk) =>
		targetPartition(await layoutOf(target, target), path, number, length, disk._geometry.bytes_per_sector);
	const partition = await lookAt(path, ports, find);
	await guardTarget(device, partition, images, ports);
	// The system's own device of the partition where it has one: other partitions of the disk may then be in use.
	const node = device.partitions.find((one) => one.start === partition.start && one.length === partition.length);
	const origin = node === undefined ? 0 : partition.start;
	const shift = partition.start - origin - start;
	const where = { ...partition, what: `Partition ${number} of ${path}`, entry: partition };
	const facts = await planMove(load, where, shift, read, skipBadBlocks);
	const target = await access.open(node?.path ?? path, identity);
	try {
		const unchanged = node === undefined ? isSame(await find(target), partition) : target.size === partition.length;
		if (!unchanged) {
			throw new AfterimageError('target-in-use', `The partition table of ${path} has changed while it was looked at`, {
				advice: 'Look at what has changed it, then begin anew.',
			});
		}
		const what = `partition ${number} of ${path}`;
		const { size } = device;
		const same = { target, path, what, size, created: false, loads, shift, origin, erased: [], table: undefined };
		return await completePlan({ ...facts, ...nothingShrunk, ...same }, read);
	} catch (error) {
		await target.close();
		throw error;
	}
}

/** @throws AfterimageError `invalid-argument`, `destination-missing` for what can have no partitions */
function expectDisk(kind: TargetKind, number: number): DiskDevice {
	if (kind.kind === 'disk') return kind.device;
	if (kind.kind === 'new') {
		throw new AfterimageError('destination-missing', `${kind.path} is not there, and has no partition ${number}`, {
			advice: 'Name a disk or raw file with a partition table.',
		});
	}
	throw new AfterimageError('invalid-argument', `${kind.path} is a partition itself, and has no partition ${number}`, {
		advice: `Restore to it without --into, or name its disk ${kind.disk}.`,
	});
}

async function lookAt<R>(path: string, { disks }: Ports, look: (disk: OpenDisk) => Promise<R>): Promise<R> {
	const opened = await disks.openSource(path);
	try {
		return await look(opened);
	} finally {
		await opened.close();
	}
}

function isSame(one: Partition, other: Partition): boolean {
	return one.start === other.start && one.length === other.length;
}
