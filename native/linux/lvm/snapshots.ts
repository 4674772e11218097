import type { SnapshotPort } from '../../../src/engine/ports.ts';
import * as sysfs from '../sysfs.ts';
import { logicalVolumes, physicalVolumes } from './commands.ts';
import { objectionTo } from './plan.ts';
import { makeSnapshots } from './snapshot-set.ts';

/** Snapshots of logical volumes, each of its own moment. */
export const lvmSnapshots: SnapshotPort = {
	name: 'snapshots',
	technology: 'LVM',
	atOnce: false,

	async objectionTo(number, disk) {
		const device = sysfs.blockName(number);
		if (device === undefined || !sysfs.attribute(device, 'dm/uuid').startsWith('LVM-')) return 'it is not on LVM';
		const volumes = await logicalVolumes();
		if (volumes === undefined) return 'the tools of LVM are not installed: package lvm2';
		const volume = volumes.find((one) => one.number === number);
		if (volume === undefined) return 'LVM does not list it';
		return objectionTo(volume, await physicalVolumes(), disk.path !== `/dev/${device}`);
	},

	create: makeSnapshots,

	// Volumes without snapshots are frozen.
	lock: undefined,
};
