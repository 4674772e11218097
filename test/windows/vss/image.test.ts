import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { codes } from '../../../native/win32/devices/control-codes.ts';
import { afterimageResult } from '../../support/cli.ts';
import { copyInto, extract } from '../../support/raw-disk.ts';
import { run } from '../../support/run.ts';
import { addDevices, deviceLog } from '../support/fake-disks.ts';
import { installVss, setVssScript, vssCalls, vssErrors } from '../support/fake-vss.ts';
import { afterimageThere, errorThere, linesOf } from '../support/windows-cli.ts';
import {
	devicesOf,
	makeWindowsDisk,
	volumeAnswers,
	windowsDiskSize,
	windowsPartitions,
} from '../support/windows-disk.ts';
import { buildForWindows, Windows, windowsPath } from '../support/wine.ts';

const disk = '\\\\.\\PhysicalDrive5';
const volume = 'Q:\\';
const ntfs = windowsPartitions[2]!;
const fat = windowsPartitions[3]!;

let windows: Windows;
let program: string;
let shadow: string;
let live: string;
const at = (name: string) => join(windows.folder, name);

/** One Windows with a disk whose NTFS volume has changed since its shadow copy was made. */
beforeAll(async () => {
	program = buildForWindows();
	windows = Windows.fresh({ WINEDLLOVERRIDES: 'mscoree,mshtml=;vssapi=n' });
	installVss(windows);
	mkdirSync(at('files'));
	writeFileSync(at('files/one.txt'), 'as it was');
	await makeWindowsDisk(at('disk.raw'), at('files'), ['one.txt']);
	shadow = await extract(at('disk.raw'), ntfs.start, ntfs.length, at('shadow.raw'));
	live = at('live.raw');
	copyFileSync(shadow, live);
	writeFileSync(at('files/two.bin'), Buffer.alloc(3_000_000, 'changed since'));
	for (const name of ['one.txt', 'two.bin']) await run('ntfscp', ['--quiet', live, at('files/two.bin'), name]);
	await copyInto(live, at('disk.raw'), ntfs.start);

	await addDevices(windows, [
		devicesOf(5, at('disk.raw'), { model: 'Spinner', partitions: windowsPartitions }),
		{ name: 'Q:', image: live, answers: volumeAnswers(5, ntfs.start, ntfs.length) },
		{ name: 'R:', image: live, answers: volumeAnswers(5, fat.start, fat.length) },
		{
			name: 'HarddiskVolumeShadowCopy41',
			image: shadow,
			answers: [...volumeAnswers(5, 0, ntfs.length), { code: codes.allowExtendedDasdIo }],
		},
	]);
});

afterAll(() => windows.remove());

let runs = 0;
let folder: string;

beforeEach(() => {
	setVssScript(windows, {});
	folder = at(`images${runs++}`);
	mkdirSync(folder);
});

const image = (...more: string[]) => ['image', disk, '--to', windowsPath(folder), '--partition', '3', ...more];
const md5 = (path: string) => createHash('md5').update(readFileSync(path)).digest('hex');

/** What is restored of an image, on this system. */
async function restored(file: string): Promise<string> {
	const target = at(`target${runs++}.raw`);
	writeFileSync(target, '');
	truncateSync(target, windowsDiskSize);
	await afterimageResult(['restore', file.replace(/^Z:/, '').replaceAll('\\', '/'), '--to', target, '--yes']);
	return extract(target, ntfs.start, ntfs.length, `${target}.partition`);
}

test('a mounted volume is imaged from its shadow copy, not from what it has become', async () => {
	const { code, out } = await afterimageThere(windows, program, image('--all-sectors', '--json'));
	expect(code).toBe(0);
	const lines = linesOf(out);
	const messages = lines.map((line) => line['message']);
	expect(messages).toContainEqual(
		expect.stringMatching(/^Made shadow copies \(VSS\) of Q:\\, all of one point in time/),
	);
	const { files } = lines.find((line) => line.type === 'result') as unknown as { files: string[] };
	const found = await restored(files[0]!);
	expect(md5(found)).toBe(md5(shadow));
	expect(md5(found)).not.toBe(md5(live));
	const calls = vssCalls(windows);
	expect(calls).toContain(`AddToSnapshotSet(${volume}, {00000000-0000-0000-0000-000000000000})`);
	expect(calls.slice(-2)).toEqual([expect.stringMatching(/^DeleteSnapshots/), 'Release']);
	expect(deviceLog(windows)).toContainEqual(
		expect.objectContaining({
			device: 'HarddiskVolumeShadowCopy41',
			what: 'CONTROL',
			first: codes.allowExtendedDasdIo,
		}),
	);
});

test('only its used blocks are stored, as the maps of the shadow copy have them', async () => {
	const { out } = await afterimageThere(windows, program, image('--json'));
	const result = linesOf(out).find((line) => line.type === 'result') as unknown as {
		files: string[];
		partitions: { usedBytes: number; wholeReason?: string }[];
	};
	expect(result.partitions[0]!.wholeReason).toBeUndefined();
	expect(result.partitions[0]!.usedBytes).toBeLessThan(ntfs.length / 2);
	const found = await restored(result.files[0]!);
	await run('ntfsfix', ['--no-action', found]);
	expect((await run('ntfscat', [found, 'one.txt'])).stdout.slice(0, 20)).toBe('as it was');
});

test('a shadow copy that cannot be made ends the run in words, and leaves no file', async () => {
	setVssScript(windows, { end: { DoSnapshotSet: [vssErrors.insufficientStorage, 1] } });
	const error = await errorThere(windows, program, image());
	expect(error).toMatchObject({ exit: 7, code: 'no-space', advice: expect.stringContaining('vssadmin') as string });
	expect(vssCalls(windows).at(-1)).toBe('Release');
	expect((await run('ls', ['-A', folder])).stdout).toBe('');
});

test('a volume that VSS does not support is locked and read from the disk', async () => {
	setVssScript(windows, { unsupported: [volume] });
	const { out } = await afterimageThere(windows, program, image('--all-sectors', '--json'));
	const lines = linesOf(out);
	expect(lines.map((line) => line['message'])).toContainEqual(
		expect.stringMatching(/^Locked Q:\\ .*VSS does not support the volume/),
	);
	const { files } = lines.find((line) => line.type === 'result') as unknown as { files: string[] };
	expect(md5(await restored(files[0]!))).toBe(md5(live));
});

test('a shadow copy that cannot be read ends the run, and the backup is given up', async () => {
	setVssScript(windows, { devices: { [volume]: '\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy99' } });
	const error = await errorThere(windows, program, image());
	expect(error.code).toBe('source-missing');
	expect(vssCalls(windows).slice(-3)).toEqual(['AbortBackup', expect.stringMatching(/^DeleteSnapshots/), 'Release']);
});
