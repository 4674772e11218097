import { realpath, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { AfterimageError } from '../../base/errors.ts';
import { describeRawFile, openRawSource, openRawTarget, plainFileCalls } from './raw-file.ts';
import { noSnapshots } from './no-snapshots.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from './system-errors.ts';
import type { DiskDevice } from './disk-port.ts';
import type { Ports } from '../ports.ts';

/**
 * What node:fs alone can do, for systems without ports of their own: raw disk files everywhere, devices nowhere.
 */
export const plainPorts: Omit<Ports, 'clock'> = {
	disks: {
		list: async () => [],
		describe: async (path) => fileAt(path),
		parentOf: async () => undefined,
		async openSource(path) {
			fileAt(path);
			return openRawSource(path, plainFileCalls);
		},
		async openTarget(path, expected) {
			if (!('createSize' in expected)) fileAt(path);
			return openRawTarget(path, expected, plainFileCalls);
		},
	},
	volumes: {
		usesOf: async () => [],
		async placeOf(path) {
			try {
				const space = await statfs(await realpath(path));
				return {
					fileSystem: '',
					free: space.blocks === 0 ? undefined : space.bavail * space.bsize,
					total: space.blocks * space.bsize,
					maxFileSize: undefined,
					mountPoint: '',
					on: [],
				};
			} catch (error) {
				throw openFailure(error, path, 'destination-missing');
			}
		},
		settle: async () => undefined,
		canFreeze: () => false,
		freeze: (mountPoint) => Promise.reject(noDevices(mountPoint)),
	},
	snapshots: noSnapshots,
	processes: {
		self: () => ({ host: hostname(), pid: process.pid, started: '' }),
		isAlive(other) {
			if (other.host !== hostname()) return undefined;
			try {
				process.kill(other.pid, 0);
				return true;
			} catch (error) {
				return systemCode(error) === 'EPERM';
			}
		},
	},
	privilege: { elevated: false, hostName: hostname() },
};

function fileAt(path: string): DiskDevice {
	const isDevice = path.startsWith('\\\\.\\') || path.startsWith('/dev/');
	const file = isDevice ? undefined : describeRawFile(path);
	if (file === undefined) throw noDevices(path);
	return file;
}

function noDevices(path: string): AfterimageError {
	return new AfterimageError(
		'not-supported',
		`${path}: disks of this system (${process.platform}) cannot be used yet`,
		{
			advice: 'Raw disk files work here; devices work on Linux and Windows.',
			details: { path, platform: process.platform },
		},
	);
}
