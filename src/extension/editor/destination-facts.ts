import { access, constants, mkdir, readFile, realpath, stat, statfs } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { systemPhrase } from '../../base/system-phrase.ts';
import type { BackupFolderInfo } from '../../protocol/backups.ts';
import type { DestinationFacts } from '../../protocol/definition-form.ts';
import type { DiskInfo } from '../../protocol/disks.ts';
import { partitionHolding } from '../definitions/sources.ts';
import { isNetwork, mountOf, type Mount } from './mounts.ts';

/**
 * What is known of a folder that images are to be written to, or that a definition is to be kept in.
 * @param disks as last listed
 * @param images what lies in the folder, when it could be listed
 */
export async function destinationFacts(
	folder: string,
	disks: readonly DiskInfo[],
	images: BackupFolderInfo | undefined,
): Promise<DestinationFacts> {
	const real = await nearest(folder);
	const exists = real.exact && (await stat(real.path)).isDirectory();
	const mount = await mountHolding(real.path);
	const room = await statfs(real.path).catch(() => undefined);
	// Some file systems in user space do not tell.
	const space = room?.blocks === 0 ? undefined : room;
	return {
		folder,
		exists,
		writable: exists && (await mayWrite(real.path)),
		free: exists && space !== undefined ? space.bavail * space.bsize : undefined,
		total: exists && space !== undefined ? space.blocks * space.bsize : undefined,
		network: isNetworkPath(folder) || (mount !== undefined && isNetwork(mount)),
		on: placesOf(real.path, mount, disks),
		averageSizes: averageSizes(images),
	};
}

/** Makes a folder for images, and those above it. @throws AfterimageError `invalid-argument`, `failed` with what the system said */
export async function createDestination(folder: string): Promise<void> {
	if (!isAbsolute(folder)) throw new AfterimageError('invalid-argument', `${folder} is no full path`);
	try {
		await mkdir(folder, { recursive: true });
	} catch (error) {
		throw new AfterimageError('failed', `${folder}: ${systemPhrase(error)}`, { cause: error });
	}
}

/** Whether a folder lies on a network share, as far as its path or the system's mounts tell. */
export async function isOnNetwork(folder: string): Promise<boolean> {
	if (isNetworkPath(folder)) return true;
	const mount = await mountHolding((await nearest(folder)).path);
	return mount !== undefined && isNetwork(mount);
}

function isNetworkPath(path: string): boolean {
	return /^(\\\\|\/\/)[^?.\\/]/.test(path);
}

/** The folder without links in its path, or the nearest one above it that is there. */
async function nearest(folder: string): Promise<{ readonly path: string; readonly exact: boolean }> {
	try {
		return { path: await realpath(folder), exact: true };
	} catch {
		const above = dirname(folder);
		return { path: above === folder ? folder : (await nearest(above)).path, exact: false };
	}
}

async function mountHolding(path: string): Promise<Mount | undefined> {
	if (process.platform !== 'linux') return undefined;
	return mountOf(path, await readFile('/proc/self/mountinfo', 'utf8'));
}

async function mayWrite(path: string): Promise<boolean> {
	try {
		await access(path, constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** The partition beneath a folder. What is mounted on top of it elsewhere is not it. */
function placesOf(path: string, mount: Mount | undefined, disks: readonly DiskInfo[]): DestinationFacts['on'] {
	const holding = partitionHolding(path, disks, process.platform !== 'linux');
	if (holding === undefined) return [];
	const { disk, partition } = holding;
	if (mount !== undefined && !partition.mountedAt.includes(mount.point)) return [];
	return [{ disk: disk.path, start: partition.start, length: partition.length }];
}

function averageSizes(images: BackupFolderInfo | undefined): DestinationFacts['averageSizes'] {
	const files = images?.sets.flatMap((set) => set.files) ?? [];
	const average = (type: 'full' | 'diff' | 'inc') => {
		const sizes = files.filter((file) => file.type === type).map((file) => file.size);
		return sizes.length === 0 ? {} : { [type]: sizes.reduce((sum, size) => sum + size, 0) / sizes.length };
	};
	return { ...average('full'), ...average('diff'), ...average('inc') };
}
