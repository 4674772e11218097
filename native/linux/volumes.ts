import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { open, realpath, statfs } from 'node:fs/promises';
import { AfterimageError } from '../../src/base/errors.ts';
import type { DiskDevice } from '../../src/engine/ports/disk-port.ts';
import type { Place, VolumePort, VolumeUse } from '../../src/engine/ports/volume-port.ts';
import { leadsTo } from '../../src/engine/ports/file-identity.ts';
import { systemCode } from '../../src/base/system-code.ts';
import { openFailure } from '../../src/engine/ports/system-errors.ts';
import { maxFileSizeOf } from './file-limit.ts';
import { canFreeze, freeze } from './freeze.ts';
import { holderOf, pathOf } from './layers.ts';
import { syncFileSystem } from './libc.ts';
import { mountOf, parseMountInfo, parseSwaps, type Mount } from './mount-table.ts';
import * as sysfs from './sysfs.ts';
import type { Extent } from './sysfs.ts';

export const linuxVolumes: VolumePort = {
	async usesOf(disk) {
		const mounts = readMounts();
		const rootExtents = mountExtents(mountOf(mounts, '/'));
		const onDisk = (extents: readonly Extent[]) => extents.filter((extent) => leadsTo(extent.disk, disk));
		const isSystem = (extent: Extent) =>
			rootExtents.some((root) => root.disk === extent.disk && root.start === extent.start);
		const uses: VolumeUse[] = mounts.flatMap((mount) =>
			onDisk(mountExtents(mount)).map((extent) => ({
				kind: 'mount' as const,
				at: mount.mountPoint,
				volume: mount.device,
				start: extent.start,
				length: extent.length,
				readOnly: mount.readOnly,
				fileSystem: mount.fileSystem,
				system: isSystem(extent),
			})),
		);
		for (const path of parseSwaps(readProc('/proc/swaps'))) {
			const name = sysfs.blockName(path);
			for (const extent of onDisk(name === undefined ? [] : sysfs.extentsOf(name))) {
				uses.push({ ...use('swap', path, extent, isSystem(extent)), fileSystem: 'swap' });
			}
		}
		for (const name of sysfs.blockNames()) {
			if (sysfs.slavesOf(name).length === 0 && !isLoopOn(name, disk)) continue;
			for (const extent of onDisk(sysfs.extentsOf(name))) {
				if (`/dev/${name}` === disk.path) continue;
				uses.push({ ...use('holder', pathOf(name), extent, isSystem(extent)), holder: holderOf(name) });
			}
		}
		return [...uses, ...hiddenUses(disk, uses)];
	},

	async placeOf(path): Promise<Place> {
		try {
			const full = await realpath(path);
			const [space, mount] = [await statfs(full), mountOf(readMounts(), full)];
			return {
				fileSystem: mount?.fileSystem ?? '',
				free: space.blocks === 0 ? undefined : space.bavail * space.bsize,
				total: space.blocks * space.bsize,
				maxFileSize: maxFileSizeOf(space.type, mount?.fileSystem),
				mountPoint: mount?.mountPoint ?? '/',
				on: withBackingFiles(mountExtents(mount)),
			};
		} catch (error) {
			throw openFailure(error, path, 'destination-missing');
		}
	},

	async settle(folder) {
		const handle = await open(folder).catch((error: unknown) => {
			throw openFailure(error, folder, 'destination-missing');
		});
		try {
			await syncFileSystem(handle.fd);
		} finally {
			await handle.close();
		}
	},

	canFreeze,

	async freeze(mountPoint, fileSystem) {
		if (process.getuid?.() !== 0) {
			throw new AfterimageError('permission-denied', `Freezing the file system at ${mountPoint} needs root`, {
				advice: 'Run it as root (sudo), or unmount the file system.',
			});
		}
		return freeze(mountPoint, fileSystem);
	},
};

function use(kind: 'swap' | 'holder', at: string, extent: Extent, system: boolean): VolumeUse {
	return { kind, at, volume: at, start: extent.start, length: extent.length, readOnly: false, fileSystem: '', system };
}

/**
 * Partitions that something holds which the mount table does not show: a mount in another namespace (a container), a
 * device without a name here. An exclusive open tells.
 */
function hiddenUses(disk: DiskDevice, known: readonly VolumeUse[]): VolumeUse[] {
	const nodes =
		disk.kind === 'file'
			? []
			: disk.partitions.length > 0
				? disk.partitions
				: [{ path: disk.path, start: 0, length: disk.size }];
	return nodes
		.filter((node) => !known.some((one) => one.start < node.start + node.length && node.start < one.start + one.length))
		.filter((node) => isHeld(node.path))
		.map((node) => use('holder', `an unknown holder of ${node.path}`, { disk: disk.path, ...node }, false));
}

function isHeld(path: string): boolean {
	try {
		closeSync(openSync(path, constants.O_RDONLY | constants.O_EXCL));
		return false;
	} catch (error) {
		return systemCode(error) === 'EBUSY';
	}
}

function isLoopOn(name: string, disk: DiskDevice): boolean {
	const file = sysfs.diskOfPartition(name) === undefined ? sysfs.loopBacking(name) : undefined;
	return file !== undefined && leadsTo(file.path, disk);
}

/** Disk ranges under a mount; none for network, memory and overlays. */
function mountExtents(mount: Mount | undefined): Extent[] {
	if (mount === undefined) return [];
	const name = sysfs.blockName(mount.device) ?? sysfs.blockName(mount.source);
	if (name === undefined) return [];
	const names = mount.fileSystem === 'btrfs' ? sysfs.btrfsMembers(name) : [name];
	return names.flatMap(sysfs.extentsOf);
}

/** Adds where the files behind loop devices lie themselves, so that nobody images a disk onto itself. */
function withBackingFiles(extents: readonly Extent[]): Extent[] {
	const mounts = readMounts();
	const all = [...extents];
	for (let i = 0; i < all.length && i < 64; i++) {
		const disk = all[i]!.disk;
		if (!disk.startsWith('/dev/')) all.push(...mountExtents(mountOf(mounts, disk)));
	}
	return all;
}

function readMounts(): Mount[] {
	return parseMountInfo(readProc('/proc/self/mountinfo'));
}

function readProc(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}
