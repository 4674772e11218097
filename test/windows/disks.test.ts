import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codes } from '../../native/win32/devices/control-codes.ts';
import type { DiskInfo } from '../../src/protocol/disks.ts';
import { addDevices, status } from './support/fake-disks.ts';
import { errorThere, resultThere } from './support/windows-cli.ts';
import {
	descriptor,
	devicesOf,
	diskAnswers,
	extents,
	geometry,
	layout,
	makeWindowsDisk,
	volumeAnswers,
	windowsDiskSize,
	windowsPartitions,
} from './support/windows-disk.ts';
import { buildForWindows, Windows } from './support/wine.ts';

let windows: Windows;
let program: string;
const [esp, , ntfs, fat] = windowsPartitions;

async function listed(): Promise<DiskInfo[]> {
	return (await resultThere<{ disks: DiskInfo[] }>(windows, program, ['disks'])).disks;
}

const diskOf = (disks: readonly DiskInfo[], number: number) =>
	disks.find(({ path }) => path === `\\\\.\\PhysicalDrive${number}`);

/** A count of two thousand million behind the head of a table that has room for none. */
function absurd(table: Uint8Array, at: number): Uint8Array {
	new DataView(table.buffer, table.byteOffset).setUint32(at, 0x7fffffff, true);
	return table;
}

beforeAll(async () => {
	program = buildForWindows();
	windows = Windows.fresh();
	const folder = join(windows.folder, 'files');
	mkdirSync(folder);
	writeFileSync(join(folder, 'one.txt'), 'one');
	const image = join(windows.folder, 'disk.raw');
	await makeWindowsDisk(image, folder, ['one.txt']);
	const blank = join(windows.folder, 'blank.raw');
	writeFileSync(blank, '');
	truncateSync(blank, 8 << 20);
	const names = { vendor: 'ACME', model: 'Spinner 9000', revision: '1.0', serial: '  SN-42 ' };
	const plain = diskAnswers({ size: 8 << 20 });
	const hostile = (code: number, data: Uint8Array, selector?: number) => [
		...plain.filter((answer) => answer.code !== code || answer.selector !== selector),
		{ code, data, ...(selector === undefined ? {} : { selector }), statusWhenShort: status.success },
	];
	const wild = descriptor({ vendor: 'A', model: 'B', serial: 'C' });
	new DataView(wild.buffer, wild.byteOffset).setUint32(16, 0xfffffff0, true);
	await addDevices(windows, [
		devicesOf(5, image, { ...names, physicalSectorSize: 4096, partitions: windowsPartitions }),
		devicesOf(7, image, { model: 'Stick', removable: true, readOnly: true }),
		{ name: 'HarddiskVolume9', image, answers: volumeAnswers(5, esp!.start, esp!.length, '') },
		{ name: 'E:', image, answers: volumeAnswers(5, esp!.start, esp!.length, 'FAT32') },
		{ name: 'Q:', image, answers: volumeAnswers(5, ntfs!.start, ntfs!.length) },
		{ name: 'R:', image, answers: volumeAnswers(5, fat!.start, fat!.length, 'FAT') },
		{ name: 'S:', image, answers: volumeAnswers(7, ntfs!.start, ntfs!.length, '') },
		{ name: 'T:', image, answers: [{ code: codes.volumeGetVolumeDiskExtents, data: absurd(extents([]), 0) }] },
		{ name: 'PhysicalDrive11', image: blank, answers: hostile(codes.diskGetDriveGeometryEx, geometry(8 << 20, 3)) },
		{ name: 'PhysicalDrive12', image: blank, answers: hostile(codes.diskGetDriveGeometryEx, geometry(2 ** 60, 512)) },
		{ name: 'PhysicalDrive13', image: blank, answers: hostile(codes.diskGetDriveLayoutEx, absurd(layout([]), 4)) },
		{ name: 'PhysicalDrive14', image: blank, answers: hostile(codes.storageQueryProperty, wild, 0) },
		{ name: 'PhysicalDrive15', image: blank, answers: hostile(codes.diskGetDriveGeometryEx, new Uint8Array(5)) },
		{ name: 'PhysicalDrive16', image: blank, answers: [] },
		{
			name: 'HarddiskVolumeShadowCopy41',
			image: blank,
			answers: [
				...volumeAnswers(5, ntfs!.start, 8 << 20),
				{ code: codes.diskGetDriveGeometry, data: geometry(8 << 20, 4096).subarray(0, 24) },
			],
		},
	]);
	const system = ['add', 'HKLM\\SYSTEM\\Setup', '/v', 'SystemPartition', '/d', '\\Device\\HarddiskVolume9', '/f'];
	expect(await windows.run('reg', system)).toMatchObject({ code: 0 });
});

afterAll(() => windows.remove());

test('lists disks with what their drivers and their bytes tell', async () => {
	const disks = await listed();
	expect(diskOf(disks, 5)).toMatchObject({
		kind: 'device',
		number: 5,
		model: 'ACME Spinner 9000',
		serial: 'SN-42',
		size: windowsDiskSize,
		sectorSize: 512,
		readOnly: false,
		removable: false,
		table: 'gpt',
		needsRights: false,
		warnings: [],
	});
	const facts = diskOf(disks, 5)!.partitions.map((one) => [one.fileSystem, one.start, one.length, one.mountedAt]);
	expect(facts).toEqual([
		['FAT32', esp!.start, esp!.length, ['E:\\']],
		['Microsoft reserved', windowsPartitions[1]!.start, windowsPartitions[1]!.length, []],
		['NTFS', ntfs!.start, ntfs!.length, ['Q:\\']],
		['FAT16', fat!.start, fat!.length, ['R:\\']],
	]);
	// Windows writes down from which partition it was started.
	expect(diskOf(disks, 5)!.partitions.map(({ flags }) => flags)).toEqual([['system', 'efi'], ['reserved'], [], []]);
	expect(diskOf(disks, 7)).toMatchObject({ model: 'Stick', removable: true, readOnly: true });
	// A volume without a file system that Windows knows is not in use.
	expect(diskOf(disks, 7)!.partitions[2]!.mountedAt).toEqual([]);
});

test('names what is asked for by its drive letter, partition or volume', async () => {
	for (const path of ['Q:', '\\\\.\\q:', '\\\\.\\Harddisk5Partition3', '\\\\.\\physicaldrive5']) {
		const { disks } = await resultThere<{ disks: DiskInfo[] }>(windows, program, ['disks', path]);
		expect(disks.map((disk) => disk.path)).toEqual(['\\\\.\\PhysicalDrive5']);
	}
	const gone = await errorThere(windows, program, ['disks', '\\\\.\\PhysicalDrive99']);
	expect(gone).toMatchObject({ exit: 8, code: 'source-missing' });
	const part = await errorThere(windows, program, ['disks', '\\\\.\\Harddisk5Partition9']);
	expect(part).toMatchObject({ exit: 8, code: 'source-missing' });
});

test('asks a shadow copy for its sectors in the older way too', async () => {
	const path = '\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy41';
	const { disks } = await resultThere<{ disks: DiskInfo[] }>(windows, program, ['disks', path]);
	expect(disks).toMatchObject([{ path, size: 8 << 20, sectorSize: 4096 }]);
});

test('believes no answer that cannot be, and lets it hide no other disk', async () => {
	const disks = await listed();
	const found = [5, 7, 11, 12, 13, 14, 15, 16].filter((number) => diskOf(disks, number) !== undefined);
	expect(found).toEqual([5, 7, 13, 14]);
	expect(diskOf(disks, 13)).toMatchObject({ table: 'none', partitions: [{ start: 0, length: 8 << 20 }] });
	expect(diskOf(disks, 14)).toMatchObject({ model: 'A', serial: 'C' });
	for (const number of [11, 12, 15]) {
		const error = await errorThere(windows, program, ['disks', `\\\\.\\PhysicalDrive${number}`]);
		expect(error).toMatchObject({ code: 'structure-damaged' });
	}
	const mute = await errorThere(windows, program, ['disks', '\\\\.\\PhysicalDrive16']);
	expect(mute).toMatchObject({ code: 'not-supported' });
});
