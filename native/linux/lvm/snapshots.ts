import type { SnapshotPort } from '../../../src/engine/ports/snapshot-port.ts';
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
		const isItself = disk.path === `/dev/${device}`;
		return objectionTo(volume, await physicalVolumes(), isItself ? undefined : (below) => isMapped(below, disk.path));
	},

	create: makeSnapshots,

	// Volumes without snapshots are frozen.
	lock: undefined,
};

/** Whether bytes of a device lie on the disk, and not one after the other as they are. */
function isMapped(device: string, disk: string): boolean {
	const name = sysfs.blockName(device);
	if (name === undefined) return true;
	const isThere = (extents: readonly { readonly disk: string }[]) => extents.some((extent) => extent.disk === disk);
	return isThere(sysfs.extentsOf(name)) && !isThere(sysfs.placesOf(device));
}
