import { expect, test } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { rebuildGpt } from '../../../../src/disk/partition-table/gpt/rebuild.ts';
import { readGptTable } from '../../../../src/disk/partition-table/gpt/table.ts';
import { detectSectorSize } from '../../../../src/disk/partition-table/sector-size.ts';
import { fileSource, sparseFile } from '../../../support/byte-files.ts';
import { withLoopDevice } from '../../../support/loop-device.ts';
import { requireRoot, requireTools } from '../../../support/require.ts';
import { run } from '../../../support/run.ts';
import { useTempFolder } from '../../../support/temp-folder.ts';
import { layoutOf, poke, sfdiskReads, told, track0Of } from './oracle.ts';

requireRoot();
requireTools(['sgdisk', 'sfdisk', 'losetup']);
const temp = useTempFolder();
const MiB = 1024 * 1024;

test('GPT with sectors of 4096 bytes, and its rebuild', async () => {
	const image = await sparseFile(temp.file('gpt.img'), 100 * MiB);
	const target = await sparseFile(temp.file('target.img'), 300 * MiB);
	const expected = await withLoopDevice(image, { sectorSize: 4096 }, async (device) => {
		await run('sgdisk', ['-n', '1:0:+10M', '-n', '2:0:+10M', device]);
		return sfdiskReads(device, 4096);
	});
	const source = await fileSource(image);
	expect(await detectSectorSize(source)).toEqual({ sectorSize: 4096 });
	await source.close();
	const layout = await layoutOf(image, 4096);
	expect(layout).toMatchObject({ table: 'gpt', sectorSize: 4096, warnings: [] });
	expect(told(layout)).toEqual(expected);

	const track0 = await track0Of(image, 4096);
	const table = await readGptTable(new MemoryBytes(track0), 4096, 1);
	await poke(target, [{ offset: 0, data: track0 }, ...rebuildGpt(table, track0.subarray(0, 4096), 300 * MiB)]);
	await withLoopDevice(target, { sectorSize: 4096 }, async (device) => {
		expect((await run('sgdisk', ['--verify', device])).stdout).toMatch(/No problems found/);
		expect(await sfdiskReads(device, 4096)).toEqual(expected);
	});
});

test('MBR with logical partitions and sectors of 4096 bytes', async () => {
	const image = await sparseFile(temp.file('mbr.img'), 100 * MiB);
	const script = [
		'label: dos',
		'start=256, size=2560, type=7',
		'start=4096, size=20480, type=f',
		'start=4352, size=5120, type=83',
		'start=10000, size=5120, type=82',
	].join('\n');
	const expected = await withLoopDevice(image, { sectorSize: 4096 }, async (device) => {
		await run('sfdisk', [device], { input: script });
		return sfdiskReads(device, 4096);
	});
	const layout = await layoutOf(image, 4096);
	expect(layout).toMatchObject({
		table: 'mbr',
		warnings: [],
		extended: [{ number: 2, records: [{ partitionNumber: 5 }, { partitionNumber: 6 }] }],
	});
	expect(told(layout)).toEqual(expected);
	const source = await fileSource(image);
	expect(await detectSectorSize(source)).toEqual({ sectorSize: 4096 });
	await source.close();
});
