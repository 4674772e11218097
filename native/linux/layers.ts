import type { EncryptedPlace } from '../../src/engine/ports/disk-port.ts';
import type { Holder } from '../../src/engine/ports/volume-port.ts';
import * as sysfs from './sysfs.ts';

/** What makers of device-mapper devices begin their UUIDs with. */
const makers: readonly (readonly [prefix: string, kind: Holder['kind']])[] = [
	['CRYPT-LUKS', 'luks'],
	['LVM-', 'lvm'],
	['mpath-', 'multipath'],
];

/** More layers than anybody stacks. */
const mostLayers = 32;

/** By what a device stands on others. @param name of a device that has some below it, or is a loop device */
export function holderOf(name: string): Holder {
	return { kind: kindOf(name), depth: depthOf(name) };
}

/** A path that tells more of a device than its kernel name, which is given anew at each start: `/dev/mapper/luks-root`. */
export function pathOf(name: string): string {
	const mapped = sysfs.attribute(name, 'dm/name');
	return `/dev/${mapped === '' ? name : `mapper/${mapped}`}`;
}

/** Whether what a device holds lies encrypted below it, in whatever layer. */
export function isEncrypted(name: string, layers = mostLayers): boolean {
	if (sysfs.attribute(name, 'dm/uuid').startsWith('CRYPT-')) return true;
	return layers > 0 && belowOf(name).some((one) => isEncrypted(one, layers - 1));
}

/** Whether a device leads to one disk by several paths, which lie below it. */
export function isMultipath(name: string): boolean {
	return kindOf(name) === 'multipath';
}

/** Of an opened LUKS container the place where it lies encrypted; undefined for every other device. */
export function encryptedPlace(name: string): EncryptedPlace | undefined {
	// dm-crypt's UUIDs: CRYPT-LUKS2-, that of the container without hyphens, and the name.
	const [, uuid] = /^CRYPT-LUKS\d-([0-9a-f]{32})-/.exec(sysfs.attribute(name, 'dm/uuid')) ?? [];
	const [below, ...more] = sysfs.slavesOf(name);
	if (uuid === undefined || below === undefined || more.length > 0) return undefined;
	const disk = sysfs.diskOfPartition(below);
	const start = disk === undefined ? 0 : sysfs.startOf(below);
	return { path: pathOf(name), disk: `/dev/${disk ?? below}`, start, length: sysfs.sizeOf(below), uuid };
}

function kindOf(name: string): Holder['kind'] {
	const uuid = sysfs.attribute(name, 'dm/uuid');
	const made = makers.find(([prefix]) => uuid.startsWith(prefix));
	if (made !== undefined) return made[1];
	if (sysfs.attribute(name, 'md/array_state') !== '') return 'raid';
	return sysfs.loopBacking(name) === undefined ? 'device' : 'loop';
}

function depthOf(name: string, layers = mostLayers): number {
	const below = layers > 0 ? belowOf(name) : [];
	return below.length === 0 ? 0 : 1 + Math.max(...below.map((one) => depthOf(one, layers - 1)));
}

function belowOf(name: string): string[] {
	return sysfs.slavesOf(sysfs.diskOfPartition(name) ?? name);
}
