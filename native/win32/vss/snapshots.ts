import type { SnapshotPort, VolumeLock } from '../../../src/engine/ports/snapshot-port.ts';
import { codes } from '../devices/control-codes.ts';
import { control, openDevice } from '../devices/device-handle.ts';
import { patiently } from '../devices/patience.ts';
import { win32, win32Failure } from '../api/errors.ts';
import { closeHandle } from '../api/kernel32.ts';
import { createShadowCopies, objectionToVolume } from './shadow-copies.ts';

export const win32Snapshots: SnapshotPort = {
	name: 'shadow copies',
	technology: 'VSS',
	atOnce: true,

	async objectionTo(volume) {
		return objectionToVolume(rootOf(volume));
	},

	async create(volumes, signal, tell) {
		const names = new Map(volumes.map((volume) => [rootOf(volume), volume]));
		const { devices, remove } = await createShadowCopies([...names.keys()], signal, tell);
		return {
			copies: new Map([...devices].map(([root, device]) => [names.get(root)!, { device, parts: undefined }])),
			former: [],
			// Reads of a copy that VSS has given up fail.
			check: async () => undefined,
			remove,
		};
	},

	async lock(volume): Promise<VolumeLock | undefined> {
		const path = volume.replace(/\\$/, '').replace(/^[A-Za-z]:$/, '\\\\.\\$&');
		const opened = openDevice(path, 'write');
		if ('code' in opened) throw win32Failure(opened.code, volume, 'source-missing');
		const { handle } = opened;
		const locked = await patiently(
			() => control(handle, codes.lockVolume, null, 0),
			(answer) => !answer.ok && answer.code === win32.accessDenied,
		);
		if (locked.ok) return { release: async () => void closeHandle(handle) };
		closeHandle(handle);
		// FSCTL_LOCK_VOLUME is denied while anybody has a file of the volume open.
		if (locked.code === win32.accessDenied) return undefined;
		throw win32Failure(locked.code, volume, 'source-missing');
	},
};

/** VSS knows volumes by the path of their root directory, with the last backslash; drives without a GUID path as `Q:\`. */
function rootOf(volume: string): string {
	return `${volume.replace(/\\$/, '').replace(/^\\\\\.\\(?=[A-Za-z]:$)/, '')}\\`;
}
