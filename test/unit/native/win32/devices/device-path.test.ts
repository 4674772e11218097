import { expect, it } from 'vitest';
import {
	diskNumberOf,
	isDevicePath,
	partitionNumbersOf,
	volumeDeviceOf,
} from '../../../../../native/win32/devices/device-path.ts';

it('disks, partitions and volumes are known by all of their names', () => {
	expect(diskNumberOf('\\\\.\\PhysicalDrive12')).toBe(12);
	expect(diskNumberOf('\\\\?\\physicaldrive0\\')).toBe(0);
	expect(diskNumberOf('\\\\.\\PhysicalDrive')).toBeUndefined();
	expect(partitionNumbersOf('\\\\.\\Harddisk3Partition14')).toEqual({ disk: 3, partition: 14 });
	for (const name of ['e:', 'E:\\', '\\\\.\\E:', '\\\\?\\e:\\']) {
		expect(volumeDeviceOf(name)?.toUpperCase()).toMatch(/^\\\\[.?]\\E:$/);
	}
	const guid = '\\\\?\\Volume{0aa1b2c3-0000-0000-0000-100000000000}';
	expect(volumeDeviceOf(`${guid}\\`)).toBe(guid);
});

it('devices are told from files', () => {
	const devices = ['\\\\.\\PhysicalDrive0', '\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy4', '\\\\.\\C:'];
	expect(devices.filter(isDevicePath)).toEqual(devices);
	const files = [
		'C:\\PhysicalDrive0',
		'\\\\?\\C:\\disk.raw',
		'\\\\.\\C:\\disk.raw',
		'\\\\server\\share\\disk.raw',
		'\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy4\\pagefile.sys',
		'\\\\?\\Volume{0aa1b2c3-0000-0000-0000-100000000000}\\disk.raw',
		'C:disk.raw',
	];
	expect(files.filter(isDevicePath)).toEqual([]);
	expect(files.map(volumeDeviceOf).filter((one) => one !== undefined)).toEqual([]);
});
