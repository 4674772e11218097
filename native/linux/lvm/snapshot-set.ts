import { throwIfAborted } from '../../../src/base/abort.ts';
import { AfterimageError, toErrorRecord } from '../../../src/base/errors.ts';
import type { ShadowCopies, ShadowCopy, SnapshotListener } from '../../../src/engine/ports/snapshot-port.ts';
import { startedOf } from '../processes.ts';
import * as sysfs from '../sysfs.ts';
import { logicalVolumes, makeSnapshot, pathOf, physicalVolumes, removeVolume } from './commands.ts';
import { readHeads } from './heads.ts';
import { keepWatch } from './keeper.ts';
import { isLeftOver, snapshotName } from './names.ts';
import { extentsFor, partsOf } from './plan.ts';
import type { LogicalVolume, PhysicalVolume } from './report.ts';

interface Snapshot {
	/** Number of its origin: `253:0`. */
	readonly number: string;
	readonly origin: LogicalVolume;
	/** Its name in the group of its origin. */
	readonly name: string;
}

/**
 * Makes a snapshot of each volume, and clears away those of runs that died.
 * @param numbers of the devices of volumes, all of which {@link SnapshotPort.objectionTo} lets pass
 * @throws AfterimageError `no-space`, `failed`, `cancelled`; nothing is left then
 */
export async function makeSnapshots(
	numbers: readonly string[],
	signal: AbortSignal,
	tell: SnapshotListener,
): Promise<ShadowCopies> {
	await clearLeftOvers(tell);
	const snapshots = await named(numbers);
	const origins = snapshots.map(({ origin }) => origin);
	const extents = extentsFor(origins);
	if (extents === undefined) throw noRoom(origins);
	const physical = await physicalVolumes();
	const former = readHeads(origins, physical, sysfs.placesOf);
	const remove = watched(snapshots);
	try {
		for (const { origin, name } of snapshots) {
			throwIfAborted(signal);
			await makeSnapshot(origin, name, extents.get(origin));
		}
		const copies = await copiesOf(snapshots, physical);
		return { copies, former, check: () => check(snapshots), remove };
	} catch (error) {
		await remove().catch((failure: unknown) => {
			tell('warning', toErrorRecord(failure).message, 'Remove the snapshots of this run with lvremove.');
		});
		throw error;
	}
}

async function clearLeftOvers(tell: SnapshotListener): Promise<void> {
	for (const volume of (await logicalVolumes()) ?? []) {
		if (!isLeftOver(volume, startedOf)) continue;
		await removeVolume(pathOf(volume));
		tell('info', `Removed the snapshot ${pathOf(volume)} of a run that died`);
	}
}

async function named(numbers: readonly string[]): Promise<Snapshot[]> {
	const volumes = (await logicalVolumes()) ?? [];
	return numbers.map((number, i) => {
		const origin = volumes.find((one) => one.number === number);
		if (origin === undefined) throw new AfterimageError('failed', `LVM does not list the volume ${number} any more`);
		return { number, origin, name: snapshotName(process.pid, startedOf(process.pid) ?? '', i + 1) };
	});
}

/** From now on the snapshots go with this process; gives what removes them, which does nothing a second time. */
function watched(snapshots: readonly Snapshot[]): () => Promise<void> {
	const paths = snapshots.map(({ origin, name }) => pathOf({ group: origin.group, name }));
	const keeper = keepWatch(paths);
	let removal: Promise<void> | undefined;
	const remove = async () => {
		try {
			const there = new Set(((await logicalVolumes()) ?? []).map(pathOf));
			for (const path of paths.filter((one) => there.has(one))) await removeVolume(path);
		} finally {
			await keeper.dismiss();
		}
	};
	return () => (removal ??= remove());
}

async function copiesOf(
	snapshots: readonly Snapshot[],
	physical: readonly PhysicalVolume[],
): Promise<Map<string, ShadowCopy>> {
	const volumes = await volumesOf(snapshots);
	return new Map(
		snapshots.map(({ number, origin, name }, i) => {
			const device = sysfs.blockName(volumes[i]?.number ?? '');
			const own = sysfs.blockName(number);
			if (device === undefined || own === undefined) {
				throw new AfterimageError('failed', `LVM has made the snapshot ${name}, and the system has no device for it`);
			}
			const itself = { disk: `/dev/${own}`, start: 0, length: origin.size, at: 0 };
			return [number, { device: `/dev/${device}`, parts: [itself, ...partsOf(origin, physical, sysfs.placesOf)] }];
		}),
	);
}

async function check(snapshots: readonly Snapshot[]): Promise<void> {
	for (const [i, volume] of (await volumesOf(snapshots)).entries()) {
		const { origin } = snapshots[i]!;
		if (volume?.invalid === false) continue;
		throw new AfterimageError(
			'no-space',
			`The snapshot of ${pathOf(origin)} was lost during the run: more was written to the volume than the snapshot had room for`,
			{
				advice: `Leave more room free in the volume group ${origin.group}, or run when less is written.`,
				details: { volume: pathOf(origin) },
			},
		);
	}
}

/** The snapshots as LVM has them now, in the same order. */
async function volumesOf(snapshots: readonly Snapshot[]): Promise<(LogicalVolume | undefined)[]> {
	const volumes = (await logicalVolumes()) ?? [];
	return snapshots.map(({ origin, name }) => volumes.find((one) => one.group === origin.group && one.name === name));
}

function noRoom(origins: readonly LogicalVolume[]): AfterimageError {
	const groups = [...new Set(origins.map(({ group }) => group))].join(', ');
	return new AfterimageError(
		'no-space',
		`There is no room for snapshots of ${origins.map(pathOf).join(', ')} at the same time`,
		{
			advice: `Free room in the volume group ${groups}, at least a fiftieth of the volumes, or image fewer of them at a time.`,
			details: { groups },
		},
	);
}
