import { AfterimageError } from '../../../src/base/errors.ts';
import { codes } from './control-codes.ts';
import { control, openDevice } from './device-handle.ts';
import { phraseOf, win32, win32Failure } from '../api/errors.ts';
import { closeHandle } from '../api/kernel32.ts';
import { patiently } from './patience.ts';
import { listVolumes, type Volume } from './volume-list.ts';

/** What devices say to a dismount that have no file system on them. */
const nothingMounted: ReadonlySet<number> = new Set([win32.invalidFunction, win32.notSupported, win32.badDeviceType]);

/**
 * Takes every volume that touches the disk away from the system, so that its sectors may be written: locks and
 * dismounts them. They come back when the returned function is called, or this process ends.
 * @throws AfterimageError `target-in-use` naming a volume that is in use, `permission-denied`
 */
export async function lockVolumesOf(diskNumber: number): Promise<() => void> {
	const handles: number[] = [];
	const release = () => {
		for (const handle of handles.splice(0)) closeHandle(handle);
	};
	try {
		for (const volume of listVolumes()) {
			if (volume.extents.some((extent) => extent.diskNumber === diskNumber)) handles.push(await lockVolume(volume));
		}
		return release;
	} catch (error) {
		release();
		throw error;
	}
}

async function lockVolume(volume: Volume): Promise<number> {
	const name = volume.mountPoints[0] ?? volume.name;
	const path = volume.name.replace(/\\$/, '').replace(/^[A-Za-z]:$/, '\\\\.\\$&');
	const opened = openDevice(path, 'write');
	if ('code' in opened) throw win32Failure(opened.code, name, 'destination-missing');
	try {
		await lockAndDismount(opened.handle, name);
		return opened.handle;
	} catch (error) {
		closeHandle(opened.handle);
		throw error;
	}
}

/**
 * Locks a volume through an open handle of it, waiting a while for who uses it, and dismounts it.
 * @throws AfterimageError `target-in-use`
 */
export async function lockAndDismount(handle: number, name: string): Promise<void> {
	const locked = await patiently(
		() => control(handle, codes.lockVolume, null, 0),
		(answer) => !answer.ok && answer.code !== win32.notSupported,
	);
	if (!locked.ok) throw inUse(name, 'locked', locked.code);
	const dismounted = control(handle, codes.dismountVolume, null, 0);
	if (dismounted.ok || nothingMounted.has(dismounted.code)) return;
	// Its file system would go on with what it remembers of bytes that are overwritten.
	throw inUse(name, 'dismounted', dismounted.code);
}

function inUse(name: string, what: string, code: number): AfterimageError {
	const why = code === win32.accessDenied ? 'programs have files open there' : phraseOf(code);
	return new AfterimageError('target-in-use', `The volume ${name} cannot be ${what}: ${why}`, {
		advice: 'Close the programs that use it, also windows of the Explorer that show it.',
		details: { volume: name, system: code },
	});
}
