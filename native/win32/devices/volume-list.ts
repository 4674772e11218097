import { AfterimageError, isAfterimageError } from '../../../src/base/errors.ts';
import { codes } from './control-codes.ts';
import { controlOfAnyLength, openDevice } from './device-handle.ts';
import { parseVolumeExtents, type VolumeExtent } from './disk-answers.ts';
import { dosDeviceNames } from './dos-devices.ts';
import { extendedPath, plainRoot } from './extended-path.ts';
import { phraseOf, win32 } from '../api/errors.ts';
import * as kernel32 from '../api/kernel32.ts';
import { wideText, wideTexts } from '../api/wide-text.ts';

export interface Volume {
	/** GUID path with the backslash of its root: `\\?\Volume{…}\`; of drives that the mount manager does not know, `Q:\`. */
	readonly name: string;
	/** `C:\`, `C:\mnt\data\`; empty when it is mounted nowhere. */
	readonly mountPoints: readonly string[];
	/** Where it lies on disks; several for spanned, striped and mirrored volumes. */
	readonly extents: readonly VolumeExtent[];
}

/** Units of the longest path that calls of the volume management give. */
const longestPath = 32768;

/**
 * The volumes that lie on disks: those of the mount manager, and drives of drivers that go without it, as those of some
 * virtual disks do.
 */
export function listVolumes(): Volume[] {
	const managed = volumeNames().map((name) => ({ name, mountPoints: mountPointsOf(name), extents: extentsOf(name) }));
	const known = new Set(managed.flatMap(({ mountPoints }) => mountPoints));
	const others = driveLetters()
		.filter((root) => !known.has(root) && !isRemote(root))
		.map((root) => ({ name: root, mountPoints: [root], extents: extentsOf(root) }));
	return [...managed, ...others].filter(({ extents }) => extents.length > 0);
}

/** @throws AfterimageError `failed` */
function volumeNames(): string[] {
	const name = new Uint16Array(longestPath);
	const search = kernel32.findFirstVolume(name, name.length);
	if (search === kernel32.invalidHandle) return whenEnded([]);
	const names: string[] = [];
	try {
		do names.push(wideText(name));
		while (kernel32.findNextVolume(search, name, name.length) !== 0);
		return whenEnded(names);
	} finally {
		kernel32.findVolumeClose(search);
	}
}

/** Half a list would leave volumes of a target mounted, or take the running system for none. @throws AfterimageError `failed` */
function whenEnded(names: string[]): string[] {
	const code = kernel32.getLastError();
	if (code === win32.noMoreFiles) return names;
	throw new AfterimageError('failed', `Windows does not list its volumes: ${phraseOf(code)}`);
}

function driveLetters(): string[] {
	return dosDeviceNames()
		.filter((name) => /^[A-Z]:$/i.test(name))
		.map((name) => `${name.toUpperCase()}\\`);
}

function mountPointsOf(volume: string): string[] {
	const needed = new Uint32Array(1);
	for (let room = 1024; room <= longestPath; room = Math.max(room * 2, Math.min(needed[0]!, longestPath))) {
		const names = new Uint16Array(room);
		if (kernel32.getVolumePathNamesForVolumeName(volume, names, room, needed) !== 0) return wideTexts(names);
		if (kernel32.getLastError() !== win32.moreData) return [];
	}
	return [];
}

/** None for what lies on no disk: optical drives, network, and whatever does not answer. @param root of the volume */
export function extentsOf(root: string): VolumeExtent[] {
	const device = root.replace(/\\$/, '').replace(/^[A-Za-z]:$/, '\\\\.\\$&');
	const opened = openDevice(device, 'ask');
	if ('code' in opened) return [];
	try {
		const answer = controlOfAnyLength(opened.handle, codes.volumeGetVolumeDiskExtents, 1024);
		return answer.ok ? parseVolumeExtents(answer.bytes).filter(({ length }) => length > 0) : [];
	} catch (error) {
		if (isAfterimageError(error, 'structure-damaged')) return [];
		throw error;
	} finally {
		kernel32.closeHandle(opened.handle);
	}
}

const DRIVE_REMOTE = 4;

/** Whether a root directory is of the network. It is not asked: a server that is off would be waited for. */
export function isRemote(root: string): boolean {
	return kernel32.getDriveType(root) === DRIVE_REMOTE;
}

export interface FileSystem {
	/** `NTFS`, `FAT32`, `exFAT`, `ReFS`. */
	readonly name: string;
	readonly readOnly: boolean;
}

const FILE_READ_ONLY_VOLUME = 0x80000;

/** The file system at a root directory; undefined when Windows knows none there. */
export function fileSystemAt(root: string): FileSystem | undefined {
	const [flags, name] = [new Uint32Array(1), new Uint16Array(261)];
	const known = kernel32.getVolumeInformation(root, null, 0, null, null, flags, name, name.length) !== 0;
	return known ? { name: wideText(name), readOnly: (flags[0]! & FILE_READ_ONLY_VOLUME) !== 0 } : undefined;
}

/** Root of the volume that holds a path: `C:\`, `\\server\share\`. @throws nothing; undefined when there is none */
export function mountPointOf(path: string): string | undefined {
	const mountPoint = new Uint16Array(longestPath);
	const known = kernel32.getVolumePathName(extendedPath(path), mountPoint, mountPoint.length) !== 0;
	return known ? plainRoot(wideText(mountPoint)) : undefined;
}

/** The GUID path of what is mounted there; undefined for network and drives that the mount manager does not know. */
export function volumeAt(mountPoint: string): string | undefined {
	const name = new Uint16Array(64);
	return kernel32.getVolumeNameForVolumeMountPoint(mountPoint, name, name.length) !== 0 ? wideText(name) : undefined;
}
