import { describe, expect, it } from 'vitest';
import type { Sources } from '../../../../src/definition/model.ts';
import type { DiskInfo } from '../../../../src/protocol/disks.ts';
import {
	addRawFile,
	selectDisk,
	selectPartition,
	sourceRows,
	totalSelected,
} from '../../../../webview/definition/model/sources.ts';
import { diskTitle } from '../../../../webview/shared/disk-title.ts';
import { dataDisk, systemDisk } from '../../../webview/samples.ts';

const GB = 1024 ** 3;
const none: Sources = { bootPartitions: false, disks: [], rawFiles: [] };
const fifth: Sources = {
	...none,
	disks: [
		{
			signature: systemDisk.id.toLowerCase(),
			number: 0,
			model: undefined,
			partitions: [{ number: 5, offset: undefined, label: undefined }],
		},
	],
};

const rawFile: DiskInfo = { ...dataDisk, path: '/images/disk.img', kind: 'file', model: '', number: 7 };

describe('the disks of the first page', () => {
	it('have the titles of the wizard', () => {
		expect(diskTitle({ ...systemDisk, name: systemDisk.model })).toBe(
			'GPT Disk 1 [FBC48937-34BD-42A9-8051-1F5F83FA5E86] - SAMSUNG MZMTE256HMP-000MV EXT41M0Q <238.47 GB>',
		);
		// Files have no numbers among the disks: each would be the first.
		expect(sourceRows(none, [rawFile])[0]!.title).toBe('Raw disk file - /images/disk.img <931.51 GB>');
	});

	it('list partitions in the words of the wizard', () => {
		const [disk] = sourceRows(fifth, [systemDisk]);
		expect(disk!.partitions.map(({ title, fileSystem, selected }) => [title, fileSystem, selected])).toEqual([
			['1 - Windows RE tool (None)', 'NTFS Primary', false],
			['2 - SYSTEM (None)', 'FAT32 (LBA) Primary', false],
			['3 - (None)', 'Unformatted Primary', false],
			['4 - Windows (C:)', 'NTFS Primary', false],
			['5 - Recovery image (None)', 'NTFS Primary', true],
		]);
		const [second] = sourceRows(none, [dataDisk]);
		expect(second!.partitions.map(({ fileSystem }) => fileSystem)).toEqual(['exFAT Primary', 'ext4 Logical']);
	});

	it('add up what is selected: used bytes, or every sector', () => {
		const rows = sourceRows(fifth, [systemDisk, dataDisk]);
		expect(totalSelected(rows, false)).toBe(Math.round(4.72 * GB));
		expect(totalSelected(rows, true)).toBe(systemDisk.partitions[4]!.length);
		const whole = sourceRows({ ...none, disks: [{ ...fifth.disks[0]!, partitions: [] }] }, [systemDisk]);
		expect(totalSelected(whole, true)).toBe(systemDisk.partitions.reduce((sum, one) => sum + one.length, 0));
	});

	it('show a disk of the definition that is not attached, and partitions that a disk does not have', () => {
		const rows = sourceRows(fifth, [dataDisk]);
		expect(rows[1]).toMatchObject({
			title: `Disk 1 [${systemDisk.id.toLowerCase()}]`,
			disk: undefined,
			problem: expect.stringContaining('Not attached') as string,
		});
		expect(totalSelected(rows, false)).toBe(0);
		const [disk] = sourceRows(fifth, [{ ...systemDisk, partitions: systemDisk.partitions.slice(0, 4) }]);
		expect(disk!.partitions.at(-1)).toMatchObject({
			number: 5,
			selected: true,
			partition: undefined,
			problem: expect.stringContaining('does not have') as string,
		});
	});

	it('call nothing missing while the disks are being read', () => {
		expect(sourceRows(fifth, undefined).map(({ problem }) => problem)).toEqual([undefined]);
	});

	it('warn when a partition has moved', () => {
		const moved = {
			...fifth,
			disks: [{ ...fifth.disks[0]!, partitions: [{ number: 5, offset: 4096, label: undefined }] }],
		};
		const [disk] = sourceRows(moved, [systemDisk]);
		expect(disk!.partitions[4]!.problem).toContain('at byte 4096');
	});

	it('refuse a disk that nothing identifies', () => {
		const [blind] = sourceRows(none, [{ ...systemDisk, id: '', needsRights: true }]);
		expect(blind!.problem).toContain('could not be read');
		const [bare] = sourceRows(none, [{ ...systemDisk, id: '' }]);
		expect(bare!.problem).toContain('no signature');
		// A raw file is found by its path.
		expect(sourceRows(none, [{ ...rawFile, id: '' }])[0]!.problem).toBeUndefined();
	});
});

describe('marking', () => {
	it('names a partition with its number, place and label', () => {
		const row = sourceRows(none, [systemDisk])[0]!;
		const sources = selectPartition(none, row, row.partitions[3]!.key, true);
		expect(sources.disks).toEqual([
			{
				signature: systemDisk.id,
				number: 0,
				model: systemDisk.model,
				partitions: [{ number: 4, offset: systemDisk.partitions[3]!.start, label: 'Windows' }],
			},
		]);
	});

	it('keeps what the document says of partitions that stay', () => {
		const row = sourceRows(fifth, [systemDisk])[0]!;
		const sources = selectPartition(fifth, row, row.partitions[0]!.key, true);
		expect(sources.disks[0]!.signature).toBe(systemDisk.id.toLowerCase());
		expect(sources.disks[0]!.partitions).toEqual([
			{ number: 1, offset: systemDisk.partitions[0]!.start, label: 'Windows RE tool' },
			{ number: 5, offset: undefined, label: undefined },
		]);
	});

	it('takes a disk out with its last partition', () => {
		const row = sourceRows(fifth, [systemDisk])[0]!;
		expect(selectPartition(fifth, row, row.partitions[4]!.key, false)).toEqual(none);
	});

	it('names the others one by one when one of a whole disk is left out', () => {
		const whole = selectDisk(none, sourceRows(none, [systemDisk])[0]!, true);
		expect(whole.disks[0]!.partitions).toEqual([]);
		const row = sourceRows(whole, [systemDisk])[0]!;
		expect(row.whole).toBe(true);
		const sources = selectPartition(whole, row, row.partitions[2]!.key, false);
		expect(sources.disks[0]!.partitions.map(({ number }) => number)).toEqual([1, 2, 4, 5]);
		expect(selectDisk(whole, row, false)).toEqual(none);
	});

	it('shows what the system needs to boot without naming it', () => {
		const boot = { ...none, bootPartitions: true };
		const row = sourceRows(boot, [systemDisk])[0]!;
		expect(row.partitions.map(({ required }) => required)).toEqual([true, true, true, true, false]);
		const sources = selectPartition(boot, row, row.partitions[4]!.key, true);
		expect(sources.disks[0]!.partitions.map(({ number }) => number)).toEqual([5]);
	});

	it('works on raw files by their path', () => {
		const added = addRawFile(none, rawFile.path);
		expect(addRawFile(added, rawFile.path)).toBe(added);
		const row = sourceRows(added, [rawFile])[0]!;
		expect(row.whole).toBe(true);
		const sources = selectPartition(added, row, row.partitions[0]!.key, false);
		expect(sources.rawFiles).toEqual([
			{ path: rawFile.path, partitions: [{ number: 5, offset: rawFile.partitions[1]!.start, label: 'archive' }] },
		]);
	});
});
