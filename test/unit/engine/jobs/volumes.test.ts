import { describe, expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runListDisks } from '../../../../src/engine/jobs/list-disks.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import {
	areaStart,
	extent,
	extentsStart,
	groupText,
	physicalVolume,
	striped,
	volumeText,
	writeArea,
} from '../../disk/lvm/sample.ts';

const volumes = volumeText('machine', [striped(0, 32, '"pv0", 16')]);

/** A disk that is a physical volume with one logical volume, of which nothing but its place is known. */
function setUp() {
	const physical = physicalVolume(groupText(volumes));
	physical.bytes.fill(0x5a, extentsStart);
	const machine = new FakeMachine(new MemoryDisk('/dev/fake', physical.bytes));
	const back = () => runBackup(imageRequest(tempFolder(), ['/dev/fake']), machine.context);
	const told = () => machine.logs.map(({ level, message }) => `${level}: ${message}`);
	return { physical, machine, back, told };
}

describe('a backup of volumes within a partition', () => {
	it('leaves out what is in no volume, and says which are stored whole', async () => {
		const { physical, machine, back, told } = setUp();
		const { partitions } = await back();
		const behind = physical.size - extentsStart - 200 * extent;
		const used = 2 * extentsStart + 32 * extent + behind;
		expect(partitions).toMatchObject([{ fileSystem: 'LVM2 physical volume', label: 'vg', wholeReason: undefined }]);
		expect(Math.abs(partitions[0]!.usedBytes - used)).toBeLessThanOrEqual(65_536);
		expect(partitions[0]!.usedBytes).toBeLessThan(physical.size / 2);
		expect(told()).toContain(
			'info: Volume machine in partition 1 of /dev/fake (unknown) is stored whole: no known file system was found',
		);
		expect(told().filter((line) => line.startsWith('warning'))).toEqual([]);
		const [info] = await runListDisks(['/dev/fake'], machine.context);
		expect(info!.partitions).toMatchObject([
			{
				fileSystem: 'LVM2 physical volume',
				label: 'vg',
				used: extentsStart + 32 * extent + behind,
				volumes: [{ name: 'machine', fileSystem: 'unknown', size: 32 * extent, used: undefined }],
			},
		]);
	});

	it.each([
		['are others', groupText(volumes, 2)],
		[
			'are no more to be told',
			groupText(volumes.replace('segment_count = 1', 'segment_count = 0')).replace('vg {', 'vg'),
		],
	])('warns when the volumes %s at its end', async (_, text) => {
		const { physical, machine, back, told } = setUp();
		machine.onBatch = () => writeArea(physical, areaStart, text);
		await back();
		expect(told().filter((line) => line.startsWith('warning'))).toEqual([
			expect.stringMatching(/Partition 1 of .dev.fake \(LVM2 physical volume\): volumes in it were made, removed/),
		]);
	});
});
