import { getSystemWindowsDirectory } from '../api/kernel32.ts';
import { machineText, machineTexts } from '../api/registry.ts';
import { extentsOf, mountPointOf } from './volume-list.ts';
import type { VolumeExtent } from './disk-answers.ts';
import { wideText } from '../api/wide-text.ts';

/** Where the running Windows lies: its own volume, and the one that it was started from (the EFI system partition). */
export function systemExtents(): VolumeExtent[] {
	const folder = new Uint16Array(261);
	const length = getSystemWindowsDirectory(folder, folder.length);
	const root = length === 0 ? undefined : mountPointOf(wideText(folder));
	return [...(root === undefined ? [] : extentsOf(root)), ...loaderExtents()];
}

/** Setup writes at each start which device the loader came from, for example `\Device\HarddiskVolume1`. */
function loaderExtents(): VolumeExtent[] {
	const device = machineText('SYSTEM\\Setup', 'SystemPartition');
	return device === undefined || !device.startsWith('\\Device\\') ? [] : extentsOf(`\\\\?\\GLOBALROOT${device}`);
}

/** Paths of the paging files in use, for example `C:\pagefile.sys`. */
export function pagingFiles(): string[] {
	const key = 'SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management';
	return machineTexts(key, 'ExistingPageFiles').map((path) => path.replace(/^\\\?\?\\/, ''));
}
