import { describe, expect, it } from 'vitest';
import type { DiskInfo } from '../../../../src/protocol/disks.ts';
import { branchesOf, chainOf } from '../../../../webview/restore/model/chain.ts';
import {
	judgeTarget,
	neededSize,
	overwritten,
	segmentsAfter,
	segmentsBefore,
	type Source,
	type Target,
} from '../../../../webview/restore/model/target.ts';
import { files, imageInfo } from '../../../webview/backup-samples.ts';
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
	judgeTarget(source, target)
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
	it('must reach to the end of the last partition', () => {
		const last = systemDisk.partitions.at(-1)!;
		expect(neededSize(whole)).toBe(last.start + last.length);
		expect(errors(whole, free({ size: neededSize(whole) }))).toEqual([]);
		expect(errors(whole, free({ size: neededSize(whole) - 1 }))).toEqual([
			expect.stringContaining('cannot be made smaller'),
		]);
	});

	it('says what a larger or smaller disk means', () => {
		expect(judgeTarget(whole, free({}))).toMatchObject([{ level: 'information' }]);
		expect(judgeTarget(whole, free({ size: neededSize(whole) }))).toMatchObject([{ level: 'warning' }]);
		expect(judgeTarget(whole, same)).toEqual([]);
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
		expect(overwritten(windows, same).map(({ number }) => number)).toEqual([4]);
		expect(errors(windows, free({}))).toEqual([expect.stringContaining('where partition 4')]);
		expect(errors(windows, free({ table: 'none', partitions: [] }))).toEqual([]);
	});

	it('is drawn before and after', () => {
		expect(segmentsBefore(whole, free({})).map(({ title, tone }) => [title, tone])).toEqual([
			['Backup', 'danger'],
			['Free', undefined],
			['archive', 'danger'],
			['Free', undefined],
		]);
		expect(segmentsAfter(whole, free({})).map(({ title }) => title)).toEqual([
			'Windows RE tool',
			'SYSTEM',
			'Partition 3',
			'Windows',
			'Recovery image',
			'Free',
		]);
		const one = segmentsAfter({ disk, partitions: [4] }, same);
		expect(one.filter(({ selected }) => selected).map(({ title }) => title)).toEqual(['Windows']);
		expect(one).toHaveLength(5);
	});

	it('may be a file that is made', () => {
		const file: Target = { kind: 'new-file', path: '/images/new.img' };
		expect(judgeTarget(whole, file)).toMatchObject([{ level: 'information' }]);
		expect(segmentsBefore(whole, file)).toEqual([]);
		expect(segmentsAfter(whole, file)).toHaveLength(5);
	});
});
