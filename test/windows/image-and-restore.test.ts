import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codes } from '../../native/win32/devices/control-codes.ts';
import { afterimageResult } from '../support/cli.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { extract } from '../support/raw-disk.ts';
import { run } from '../support/run.ts';
import { addDevices, deviceLog, status } from './support/fake-disks.ts';
import { afterimageThere, errorThere, linesOf, resultThere } from './support/windows-cli.ts';
import {
	blankDisk,
	devicesOf,
	makeWindowsDisk,
	volumeAnswers,
	windowsDiskSize,
	windowsPartitions,
} from './support/windows-disk.ts';
import { buildForWindows, Windows, windowsPath } from './support/wine.ts';

let windows: Windows;
let program: string;
const files: Record<string, string> = {};
const [esp, , ntfs] = windowsPartitions;
/** A sector of the NTFS data that no medium gives back: within the file that fills most of the partition. */
const badSector = ntfs!.start + 40 * 2 ** 20;

beforeAll(async () => {
	program = buildForWindows();
	windows = Windows.fresh();
	const folder = join(windows.folder, 'files');
	mkdirSync(folder);
	const noise = randomNumbers(7);
	writeFileSync(join(folder, 'first.bin'), noise.fill(new Uint8Array(5 << 20)));
	writeFileSync(join(folder, 'text.txt'), 'some text\n'.repeat(1000));
	for (const name of ['source', 'target', 'small', 'protected', 'paged', 'partition', 'esp', 'faulty']) {
		files[name] = join(windows.folder, `${name}.raw`);
	}
	await makeWindowsDisk(files['source']!, folder, ['first.bin', 'text.txt']);
	await blankDisk(files['target']!, windowsDiskSize);
	await blankDisk(files['small']!, 8 << 20);
	await blankDisk(files['protected']!, windowsDiskSize);
	await blankDisk(files['paged']!, windowsDiskSize);
	await blankDisk(files['partition']!, ntfs!.length);
	await blankDisk(files['esp']!, esp!.length);
	copyFileSync(files['source']!, files['faulty']!);
	writeFileSync(join(folder, 'large.bin'), noise.fill(new Uint8Array(50 << 20)));
	await putIntoNtfs(files['faulty']!, join(folder, 'large.bin'));
	const faults = [{ start: badSector, length: 512, of: 'read', status: status.dataError }] as const;
	const { start, length } = ntfs!;
	await addDevices(windows, [
		devicesOf(5, files['source']!, { model: 'Source', partitions: windowsPartitions }),
		devicesOf(6, files['target']!, { model: 'Target' }),
		devicesOf(7, files['protected']!, { readOnly: true }),
		devicesOf(8, files['paged']!),
		devicesOf(9, files['protected']!, { partitions: windowsPartitions }),
		{ name: 'Harddisk9Partition1', image: files['esp']!, answers: [] },
		{ name: 'Harddisk9Partition3', image: files['partition']!, answers: [{ code: codes.allowExtendedDasdIo }] },
		devicesOf(10, files['small']!, { size: 8 << 20 }),
		{ ...devicesOf(11, files['faulty']!), faults },
		// A volume that is not in use does not keep its disk from being overwritten: it is locked and dismounted.
		{
			name: 'V:',
			image: files['target']!,
			answers: [...volumeAnswers(6, start, length), { code: codes.dismountVolume }],
		},
		devicesOf(12, files['protected']!),
		{ name: 'HarddiskVolume9', image: files['protected']!, answers: volumeAnswers(12, esp!.start, esp!.length, '') },
		{ name: 'Y:', image: files['protected']!, answers: volumeAnswers(12, esp!.start, esp!.length, 'FAT32') },
		{ name: 'P:', image: files['paged']!, answers: volumeAnswers(8, start, length) },
	]);
	const setup = ['HKLM\\SYSTEM\\Setup', '/v', 'SystemPartition', '/d', '\\Device\\HarddiskVolume9', '/f'];
	expect(await windows.run('reg', ['add', ...setup])).toMatchObject({ code: 0 });
	const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management';
	const paging = ['/v', 'ExistingPageFiles', '/t', 'REG_MULTI_SZ', '/d', '\\??\\P:\\pagefile.sys', '/f'];
	expect(await windows.run('reg', ['add', key, ...paging])).toMatchObject({ code: 0 });
});

afterAll(() => windows.remove());

/** Puts a file into the NTFS partition of a raw disk, with the vendor's tools of Linux. */
async function putIntoNtfs(disk: string, file: string): Promise<void> {
	const part = await extract(disk, ntfs!.start, ntfs!.length, `${disk}.part`);
	await run('ntfscp', ['--quiet', part, file, basename(file)]);
	const seek = [`seek=${ntfs!.start}`, 'oflag=seek_bytes', 'conv=notrunc'];
	await run('dd', [`if=${part}`, `of=${disk}`, 'bs=1M', ...seek, 'status=none']);
}

/** The file systems of a disk, judged by their vendors' tools. */
async function checkFileSystems(disk: string): Promise<void> {
	await run('sgdisk', ['--verify', disk]);
	const parts = await Promise.all(
		windowsPartitions.map(({ number, start, length }) => extract(disk, start, length, `${disk}.${number}`)),
	);
	await run('ntfsfix', ['--no-action', parts[2]!]);
	for (const part of [parts[0]!, parts[3]!]) await run('fsck.fat', ['-n', part]);
}

/** A path on drive C as this system has it. */
const onDriveC = (path: string) => join(windows.driveC, path.slice(3).replaceAll('\\', '/'));

describe('a disk', () => {
	let full = '';
	let incremental = '';
	let first = '';

	test('is imaged there, verified and restored here, bit by bit what it was', async () => {
		mkdirSync(join(windows.driveC, 'images'), { recursive: true });
		const args = ['image', '\\\\.\\PhysicalDrive5', '--to', 'C:\\images'];
		const made = await resultThere<{ files: string[] }>(windows, program, args);
		expect(made.files).toHaveLength(1);
		full = made.files[0]!;
		expect(full).toMatch(/^C:\\images\\.*\.mrimgx$/);
		first = join(windows.folder, 'first.raw');
		copyFileSync(files['source']!, first);
		await afterimageResult(['verify', onDriveC(full)]);
		const restored = join(windows.folder, 'restored.raw');
		await afterimageResult(['restore', onDriveC(full), '--to', restored]);
		await run('cmp', [restored, files['source']!]);
		await checkFileSystems(restored);
	});

	test('is imaged once more with what has changed alone', async () => {
		const more = join(windows.folder, 'files/second.bin');
		writeFileSync(more, randomNumbers(8).fill(new Uint8Array(1 << 20)));
		await putIntoNtfs(files['source']!, more);
		const args = ['image', '\\\\.\\PhysicalDrive5', '--to', 'C:\\images', '--type', 'inc'];
		const made = await resultThere<{ files: string[] }>(windows, program, args);
		incremental = made.files[0]!;
		const size = (path: string) => readFileSync(onDriveC(path)).length;
		expect(size(incremental)).toBeLessThan(size(full) / 2);
		const restored = join(windows.folder, 'restored-2.raw');
		await afterimageResult(['restore', onDriveC(incremental), '--to', restored]);
		await run('cmp', [restored, files['source']!]);
		await checkFileSystems(restored);
	});

	test('is restored there to another one, which is held alone and whose volumes are taken away', async () => {
		const unasked = await errorThere(windows, program, ['restore', incremental, '--to', '\\\\.\\PhysicalDrive6']);
		expect(unasked).toMatchObject({ exit: 2, code: 'invalid-argument', advice: 'Run it with --yes.' });
		const before = deviceLog(windows).length;
		await resultThere(windows, program, ['restore', '--yes', incremental, '--to', '\\\\.\\PhysicalDrive6', '--verify']);
		await run('cmp', [files['target']!, files['source']!]);
		await checkFileSystems(files['target']!);
		const log = deviceLog(windows).slice(before);
		const disk = log.filter(({ device }) => device === 'PhysicalDrive6');
		const opened = disk.findIndex(({ what, second }) => what === 'OPEN' && second === 0);
		const written = disk.findIndex(({ what }) => what === 'WRITE');
		expect([opened, written].every((at) => at >= 0)).toBe(true);
		expect(written).toBeGreaterThan(opened);
		expect(disk.some(({ what, first: code }) => what === 'CONTROL' && code === codes.diskUpdateProperties)).toBe(true);
		expect(disk.some(({ what }) => what === 'FLUSH')).toBe(true);
		// Wine answers lock and dismount itself; that the handle is held from before the first write until the end shows here.
		const volume = log.filter(({ device, what }) => device === 'V_' && (what === 'OPEN' || what === 'CLOSE'));
		const place = (one: (typeof log)[number]) => log.indexOf(one);
		expect(place(volume.at(-2)!)).toBeLessThan(place(disk[written]!));
		expect(place(volume.at(-1)!)).toBeGreaterThan(place(disk.findLast(({ what }) => what === 'WRITE')!));
	});

	test('gives an older point back in place of a newer one', async () => {
		await resultThere(windows, program, ['restore', '--yes', full, '--to', '\\\\.\\PhysicalDrive6', '--delta']);
		await checkFileSystems(files['target']!);
		const listing = await run('ntfsls', [`${files['target']!}.3`]);
		expect(listing.stdout).toContain('first.bin');
		expect(listing.stdout).not.toContain('second.bin');
	});

	test('tells another one which of its bytes are of no use', async () => {
		const before = deviceLog(windows).length;
		await resultThere(windows, program, ['restore', '--yes', full, '--to', '\\\\.\\PhysicalDrive6', '--discard']);
		const trims = deviceLog(windows)
			.slice(before)
			.filter(({ what, first: code }) => what === 'CONTROL' && code === codes.storageManageDataSetAttributes)
			.map(({ input }) => Buffer.from(input));
		const ends = trims.map((trim) => Number(trim.readBigInt64LE(32) + trim.readBigInt64LE(40)));
		// What lies outside of the partitions too: the table is written afterwards.
		expect(Math.max(...ends)).toBe(windowsDiskSize);
		for (const trim of trims) {
			// Size, action and flags, no parameters, one range behind the head.
			const head = [0, 4, 8, 12, 16, 20, 24].map((at) => trim.readUInt32LE(at));
			expect(head).toEqual([28, 1, 0x80000000, 0, 0, 32, 16]);
			const [offset, length] = [Number(trim.readBigInt64LE(32)), Number(trim.readBigUInt64LE(40))];
			expect([offset % 512, length % 512, trim.length]).toEqual([0, 0, 48]);
			expect(offset + length).toBeLessThanOrEqual(windowsDiskSize);
		}
		await checkFileSystems(files['target']!);
	});

	test('gives one partition to a partition', async () => {
		const args = ['restore', '--yes', incremental, '--partition', '3', '--to', '\\\\.\\Harddisk9Partition3'];
		const before = deviceLog(windows).length;
		await resultThere(windows, program, args);
		const controls = deviceLog(windows)
			.slice(before)
			.filter(({ device, what }) => device === 'Harddisk9Partition3' && what === 'CONTROL')
			.map(({ first: code }) => code);
		// A file system that is dismounted allows nothing any more.
		expect(controls.indexOf(codes.allowExtendedDasdIo)).toBeLessThan(controls.indexOf(codes.dismountVolume));
		await run('cmp', [files['partition']!, await extract(files['source']!, ntfs!.start, ntfs!.length, `${first}.3`)]);
		await run('ntfsfix', ['--no-action', files['partition']!]);
		const other = await errorThere(windows, program, [...args.slice(0, -1), '\\\\.\\Harddisk9Partition1']);
		expect(other).toMatchObject({ exit: 7, code: 'target-too-small' });
	});

	test('is not overwritten when it is write-protected, too small, or holds a paging file or the running system', async () => {
		const refusal = async (target: string) => errorThere(windows, program, ['restore', '--yes', full, '--to', target]);
		expect(await refusal('\\\\.\\PhysicalDrive7')).toMatchObject({ code: 'permission-denied' });
		expect(await refusal('\\\\.\\PhysicalDrive10')).toMatchObject({ exit: 7, code: 'target-too-small' });
		const paged = await refusal('\\\\.\\PhysicalDrive8');
		expect(paged).toMatchObject({ code: 'target-in-use' });
		expect(paged.message).toContain('a paging file (P:\\pagefile.sys)');
		const running = await refusal('\\\\.\\PhysicalDrive12');
		expect(running).toMatchObject({ code: 'target-in-use' });
		expect(running.message).toContain('the running system is on it (Y:\\)');
		const nowhere = await refusal('\\\\.\\PhysicalDrive77');
		expect(nowhere).toMatchObject({ exit: 8 });
		const written = deviceLog(windows).filter(
			({ device, what }) => /Drive(7|8|10|12)$/.test(device) && what === 'WRITE',
		);
		expect(written).toEqual([]);
	});

	test('with a bad sector is refused, or imaged without it when that is asked for', async () => {
		mkdirSync(join(windows.driveC, 'faulty'), { recursive: true });
		const args = ['image', '\\\\.\\PhysicalDrive11', '--to', 'C:\\faulty'];
		const error = await errorThere(windows, program, args);
		expect(error).toMatchObject({ exit: 1, code: 'read-error' });
		expect(error.message).toContain(String(badSector));
		const { code, out } = await afterimageThere(windows, program, [...args, '--skip-bad-sectors', '--json']);
		expect(code).toBe(0);
		const warnings = linesOf(out).filter((line) => line.type === 'log' && line['level'] === 'warning');
		expect(JSON.stringify(warnings)).toContain(`bytes ${badSector - ntfs!.start} to `);
	});
});

test('a raw file is written alone: a second writer is refused, and refuses', async () => {
	const target = join(windows.folder, 'held.raw');
	await blankDisk(target, windowsDiskSize);
	mkdirSync(join(windows.driveC, 'raw'), { recursive: true });
	const image = await resultThere<{ files: string[] }>(windows, program, [
		'image',
		windowsPath(files['small']!),
		'--all-sectors',
		'--to',
		'C:\\raw',
	]);
	const mark = join(windows.folder, 'held');
	const holder = windows.node([
		'-e',
		`const fs = require('fs'); fs.openSync(process.argv[1], 'r+');
		fs.openSync(process.argv[1], fs.constants.O_RDONLY); fs.writeFileSync(process.argv[2], '');
		const wait = setInterval(() => fs.existsSync(process.argv[2]) || process.exit(0), 50);`,
		windowsPath(target),
		windowsPath(mark),
	]);
	await expect.poll(() => existsThere(mark), { timeout: 30_000 }).toBe(true);
	const refused = await errorThere(windows, program, ['restore', image.files[0]!, '--to', windowsPath(target)]);
	expect(refused).toMatchObject({ code: 'target-in-use' });
	await run('rm', [mark]);
	await holder;
	await resultThere(windows, program, ['restore', image.files[0]!, '--to', windowsPath(target)]);
});

function existsThere(path: string): boolean {
	try {
		readFileSync(path);
		return true;
	} catch {
		return false;
	}
}

test('a folder that is not there is named', async () => {
	const args = ['image', '\\\\.\\PhysicalDrive5', '--to', 'C:\\nowhere'];
	expect(await errorThere(windows, program, args)).toMatchObject({ exit: 8, code: 'destination-missing' });
});
