import { AfterimageError } from '../../../base/errors.ts';
import { leadsTo } from '../../ports/file-identity.ts';
import type { DiskDevice } from '../../ports/disk-port.ts';
import type { Ports } from '../../ports.ts';
import { heldBy } from './held-by.ts';

/**
 * Refuses a target that the running system uses, or that holds the image. The exclusive open that follows refuses once
 * more what the kernel knows to be in use.
 * @param files paths of all files of the set that is restored from
 * @throws AfterimageError `target-in-use` naming the use
 */
export async function guardTarget(
	device: DiskDevice,
	range: { readonly start: number; readonly length: number },
	files: readonly string[],
	ports: Ports,
): Promise<void> {
	const end = range.start + range.length;
	const touches = (use: { start: number; length: number }) => use.start < end && range.start < use.start + use.length;
	const uses = (await ports.volumes.usesOf(device)).filter(touches);
	const system = uses.find((use) => use.system);
	if (system !== undefined) {
		throw inUse(device, `the running system is on it (${system.at})`, 'Start another system to restore this disk.');
	}
	const mount = uses.find((use) => use.kind === 'mount');
	if (mount !== undefined && ports.disks.locksVolumes !== true) {
		throw inUse(device, `it is mounted at ${mount.at}`, `Unmount it first: umount ${mount.at}`);
	}
	const swap = uses.find((use) => use.kind === 'swap');
	if (swap !== undefined) {
		const paging = ports.disks.locksVolumes === true;
		const advice = paging ? 'Move the paging file to another volume first.' : `Switch it off first: swapoff ${swap.at}`;
		throw inUse(device, `it holds ${paging ? 'a paging file' : 'swap'} (${swap.at})`, advice);
	}
	const holders = uses.filter((use) => use.kind === 'holder');
	if (holders.length > 0) {
		const { why, advice } = heldBy(holders);
		throw inUse(device, why, advice);
	}
	for (const file of files) {
		const place = await ports.volumes.placeOf(file);
		const holds = place.on.some((extent) => leadsTo(extent.disk, device) && touches(extent));
		if (holds || (device.kind === 'file' && leadsTo(file, device))) {
			throw inUse(device, `it holds the image ${file}`, 'Copy the image to another disk first.');
		}
	}
}

function inUse(device: DiskDevice, why: string, advice: string): AfterimageError {
	return new AfterimageError('target-in-use', `${device.path} cannot be overwritten: ${why}`, {
		advice,
		details: { target: device.path },
	});
}
