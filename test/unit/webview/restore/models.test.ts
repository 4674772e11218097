import { describe, expect, it } from 'vitest';
import type { DiskInfo } from '../../../../src/protocol/disks.ts';
import { branchesOf, chainOf } from '../../../../webview/restore/model/chain.ts';
import { choiceOf } from '../../../../webview/restore/model/choice.ts';
import { previewFacts } from '../../../../webview/restore/model/preview.ts';
import { judge } from '../../../../webview/restore/model/judgement.ts';
import { segmentsAfter, segmentsBefore } from '../../../../webview/restore/model/maps.ts';
import { makePlan, overwritten } from '../../../../webview/restore/model/plan.ts';
import { neededSize, type Source, type Target } from '../../../../webview/restore/model/target.ts';
import { files, imageInfo, restorePreview } from '../../../webview/backup-samples.ts';
import { dataDisk, systemDisk } from '../../../webview/samples.ts';

const disk = imageInfo.disks[0]!;
const whole: Source = { disk, partitions: undefined };
const free = (part: Partial<DiskInfo>): Target => ({
	kind: 'disk',
	disk: {
		...dataDisk,
		partitions: dataDisk.partitions.map((partition) => ({ ...partition, mountedAt: [] })),
		...part,
	},
});
const same: Target = free({
	...systemDisk,
	partitions: systemDisk.partitions.map((one) => ({ ...one, mountedAt: [] })),
});
const errors = (source: Source, target: Target) =>
	judge(makePlan(source, target))
		.filter(({ level }) => level === 'error')
		.map(({ text }) => text);

describe('the chain of a set', () => {
	it('is drawn with a branch for each differential', () => {
		const letters = branchesOf([...files].reverse()).map(({ points, differential }) => [
			differential,
			points.map(({ type, fileNumber }) => `${type}${fileNumber}`).join(' '),
		]);
		expect(letters).toEqual([
			[false, 'full0 inc1 inc2'],
			[true, 'diff3 inc4 inc5 inc7'],
		]);
	});

	it('names the files that a point needs', () => {
		expect([...chainOf(files[5]!, files)].map((name) => name.slice(17, 22))).toEqual([
			'05-05',
			'04-04',
			'03-03',
			'00-00',
		]);
		expect(chainOf({ ...files[1]!, parent: files[1]!.name }, files).size).toBe(1);
	});
});

describe('a target', () => {
	it('must reach to the end of the last partition and of the table behind it', () => {
		const last = systemDisk.partitions.at(-1)!;
		expect(neededSize(whole)).toBe(last.start + last.length + 33 * 512);
		expect(errors(whole, free({ size: neededSize(whole) }))).toEqual([]);
		expect(errors(whole, free({ size: neededSize(whole) - 1 }))).toEqual([
			expect.stringContaining('unless file systems are made smaller'),
		]);
	});

	it('says what a larger or smaller disk means', () => {
		expect(judge(makePlan(whole, free({})))).toMatchObject([{ level: 'information' }]);
		expect(judge(makePlan(whole, free({ size: neededSize(whole) })))).toMatchObject([{ level: 'warning' }]);
		expect(judge(makePlan(whole, same))).toEqual([]);
	});

	it('is refused while it is mounted or read-only', () => {
		expect(errors(whole, { kind: 'disk', disk: dataDisk })).toEqual([
			'Partition 1 is mounted at E:. Unmount it first.',
		]);
		expect(errors(whole, free({ readOnly: true }))).toEqual(['This disk is read-only.']);
	});

	it('takes single partitions where they were, or when it is blank', () => {
		const windows: Source = { disk, partitions: [4] };
		expect(errors(windows, same)).toEqual([]);
		expect(overwritten(makePlan(windows, same)).map(({ number }) => number)).toEqual([4]);
		expect(errors({ disk, partitions: [4, 5] }, free({}))).toEqual([
			expect.stringContaining('where partition 4'),
			expect.stringContaining('where partition 5'),
		]);
		expect(errors(windows, free({ table: 'none', partitions: [] }))).toEqual([]);
		// A blank target gets a table of these partitions alone.
		const end = (number: number) => {
			const { start, length } = disk.partitions.find((one) => one.number === number)!;
			return start + length + 33 * 512;
		};
		const [second, blank] = [{ disk, partitions: [2] }, { table: 'none', partitions: [] } as const];
		expect(end(2)).toBeLessThan(end(4));
		expect(errors(second, free({ ...blank, size: end(2) }))).toEqual([]);
		expect(errors(second, free({ ...blank, size: end(2) - 1 }))).toHaveLength(1);
	});

	it('is drawn before and after', () => {
		expect(segmentsBefore(makePlan(whole, free({}))).map(({ title, tone }) => [title, tone])).toEqual([
			['Backup', 'danger'],
			['Free', undefined],
			['archive', 'danger'],
			['Free', undefined],
		]);
		expect(segmentsAfter(makePlan(whole, free({}))).map(({ title }) => title)).toEqual([
			'Windows RE tool',
			'SYSTEM',
			'Partition 3',
			'Windows',
			'Recovery image',
			'Free',
		]);
		const one = segmentsAfter(makePlan({ disk, partitions: [4] }, same));
		expect(one.filter(({ selected }) => selected).map(({ title }) => title)).toEqual(['Windows']);
		expect(one).toHaveLength(5);
	});

	it('may be a file that is made', () => {
		const file: Target = { kind: 'new-file', path: '/images/new.img' };
		expect(judge(makePlan(whole, file))).toMatchObject([{ level: 'information' }]);
		expect(segmentsBefore(makePlan(whole, file))).toEqual([]);
		expect(segmentsAfter(makePlan(whole, file))).toHaveLength(5);
	});
});

describe('a restore that is asked for', () => {
	const options = { delta: true, verify: false, newId: true, skipBad: true };

	it('has all that was chosen', () => {
		expect(choiceOf('/b/a.mrimgx', makePlan({ disk, partitions: [2] }, same), options)).toEqual({
			file: '/b/a.mrimgx',
			target: systemDisk.path,
			disk: 0,
			partitions: [2],
			delta: true,
			verify: false,
			newDiskId: true,
			skipBadBlocks: true,
		});
	});

	it('names no partitions for a whole disk, and no new id where there is no table', () => {
		const bare: Source = { disk: { ...disk, table: 'none' }, partitions: undefined };
		expect(choiceOf('/b/a.mrimgx', makePlan(bare, same), options)).toMatchObject({ newDiskId: false });
		expect(choiceOf('/b/a.mrimgx', makePlan(bare, same), options)).not.toHaveProperty('partitions');
	});
});

describe('what a restore would write', () => {
	const { table } = restorePreview;
	const facts = (more: Partial<typeof restorePreview>, delta = false) =>
		Object.fromEntries(previewFacts({ ...restorePreview, ...more }, delta));

	it('is told as facts', () => {
		expect(facts({})).toEqual({
			Target: '/dev/sdc, 465.76 GB',
			'Partition table': `GPT · with partitions 1, 2, 3, 4, 5 · ${systemDisk.id}`,
			'Boot sectors and tables': '1.02 MB',
			Data: '112.82 GB in 1,848,509 blocks',
		});
	});

	it('tells what goes elsewhere or gets more room', () => {
		const [, , , , last] = restorePreview.partitions;
		const elsewhere = { ...last!, start: 1024 ** 2, room: 8 * 1024 ** 3 };
		expect(facts({ partitions: [elsewhere] })).toMatchObject({
			Place: 'partition 5 at 1.00 MB; on the imaged disk it is at 233.39 GB',
			Size: 'partition 5 with 8.00 GB; on the imaged disk it has 5.08 GB',
		});
		expect(facts({ partitions: [{ ...elsewhere, start: elsewhere.from }] })).not.toHaveProperty('Place');
	});

	it('is less where only what differs is written', () => {
		expect(facts({}, true)['Data']).toBe('at most 112.82 GB in 1,848,509 blocks');
	});

	it('says what becomes of the table', () => {
		expect(facts({ table: undefined })).not.toHaveProperty('Boot sectors and tables');
		expect(facts({ table: undefined })['Partition table']).toBe('stays as it is');
		const volume = { ...restorePreview.partitions[4]!, start: 0 };
		expect(facts({ table: undefined, partitions: [volume] })['Partition table']).toBe('none');
		expect(facts({ table: { ...table!, diskId: undefined } })['Partition table']).toMatch(/with an id of its own$/);
		expect(facts({ table: { ...table!, partitions: [] } })['Partition table']).toContain('without a partition');
		expect(facts({ table: { ...table!, kind: 'none' } })['Partition table']).toBe('none');
	});

	it('may be a file that is made', () => {
		expect(facts({ target: '/images/new.img', created: true })['Target']).toBe(
			'/images/new.img, a new file of 465.76 GB',
		);
	});
});
