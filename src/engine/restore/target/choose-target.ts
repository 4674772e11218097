import { resolve } from 'node:path';
import { AfterimageError, isAfterimageError } from '../../../base/errors.ts';
import { readBytes } from '../../../base/bytes.ts';
import { layoutOf } from '../../disk-layout.ts';
import type { PartitionLoad } from '../../load/load-plan.ts';
import type { DiskDevice, OpenDisk, PartitionNode } from '../../ports/disk-port.ts';
import type { Ports } from '../../ports.ts';
import { expectAlone } from './target-partition.ts';

/** What stands at the path that is to be written. */
export type TargetKind =
	/** Nothing: a raw file is made. */
	| { readonly kind: 'new'; readonly path: string }
	| { readonly kind: 'disk'; readonly device: DiskDevice }
	/** A partition node, which takes one partition whatever place it had. */
	| { readonly kind: 'partition'; readonly path: string; readonly disk: string; readonly node: PartitionNode };

/** Looks at what stands at a path; opens nothing. @throws AfterimageError what {@link DiskPort.describe} does but for `source-missing` */
export async function targetKind(asked: string, ports: Ports): Promise<TargetKind> {
	const path = resolve(asked);
	const parent = await ports.disks.parentOf(path);
	if (parent !== undefined) return { kind: 'partition', path, ...parent };
	try {
		return { kind: 'disk', device: await ports.disks.describe(path) };
	} catch (error) {
		if (isAfterimageError(error, 'source-missing')) return { kind: 'new', path };
		throw error;
	}
}

/**
 * Bytes that the table of the target gives to each of the chosen partitions, by their first bytes; undefined when the target is
 * blank and gets a table with only them.
 * @throws AfterimageError `invalid-argument` when the target has a table without a partition at the same place, or with one
 * that shares bytes with something else
 */
export async function fitPartitions(
	target: OpenDisk,
	loads: readonly PartitionLoad[],
): Promise<ReadonlyMap<number, number> | undefined> {
	const layout = await layoutOf(target, target);
	if (layout.table === 'none' && (await isBlank(target))) return undefined;
	const rooms = new Map<number, number>();
	for (const { partition } of loads) {
		const { start, length } = partition._geometry;
		const there = layout.partitions.find((one) => one.start === start);
		if (there !== undefined && there.length >= length) {
			expectAlone(layout, target.device.path, there);
			rooms.set(start, there.length);
			continue;
		}
		throw new AfterimageError(
			'invalid-argument',
			`${target.device.path} has no partition of ${length} bytes at byte ${start} for partition ` +
				`${partition._header.partition_number}` +
				(there === undefined ? '' : `; the one there has ${there.length}`),
			{
				advice: 'Restore the whole disk, or one partition into another with --into.',
				details: { start, length, target: target.device.path },
			},
		);
	}
	return rooms;
}

async function isBlank(target: OpenDisk): Promise<boolean> {
	const head = await readBytes(target, 0, Math.min(target.size, 1024 * 1024));
	return head.every((byte) => byte === 0);
}
