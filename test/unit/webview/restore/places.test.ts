import { describe, expect, it } from 'vitest';
import type { DiskInfo } from '../../../../src/protocol/disks.ts';
import type { RestorePlace } from '../../../../src/protocol/restore.ts';
import { choiceOf } from '../../../../webview/restore/model/choice.ts';
import { isRefused, judge } from '../../../../webview/restore/model/judgement.ts';
import { segmentsAfter, segmentsBefore } from '../../../../webview/restore/model/maps.ts';
import {
	keepsTable,
	lacksPlace,
	makePlan,
	overwritten,
	picksPartition,
} from '../../../../webview/restore/model/plan.ts';
import { neededSize, type Source, type Target } from '../../../../webview/restore/model/target.ts';
import { imageInfo } from '../../../webview/backup-samples.ts';
import { spareDisk } from '../../../webview/page-hosts.ts';
import { systemDisk } from '../../../webview/samples.ts';

const GB = 1024 ** 3;
const disk = imageInfo.disks[0]!;
const options = { delta: true, verify: true, newId: false, skipBad: false };
/** Of 5 GB, at byte 233 GB of the imaged disk. */
const recovery: Source = { disk, partitions: [5] };
/** Of 232.72 GB. */
const windows: Source = { disk, partitions: [4] };

const partition = spareDisk.partitions[0]!;
const [small, large] = [
	{ ...partition, number: 1, start: GB, length: 4 * GB, label: 'Small' },
	{ ...partition, number: 2, start: 6 * GB, length: 20 * GB, label: 'Large' },
];
const target = (part: Partial<DiskInfo>): Target => ({ kind: 'disk', disk: { ...spareDisk, ...part } });
const two = target({ partitions: [small, large] });
const same = target({
	...systemDisk,
	partitions: systemDisk.partitions.map((one) => ({ ...one, mountedAt: [] })),
});
const whole = (fileSystem: string, size: number) =>
	target({ kind: 'file', table: 'none', size, partitions: [{ ...partition, start: 0, length: size, fileSystem }] });
const file: Target = { kind: 'new-file', path: '/images/new.img' };

const into = (number: number): RestorePlace => ({ kind: 'partition', number });
const texts = (source: Source, at: Target, place?: RestorePlace) =>
	judge(makePlan(source, at, place)).map(({ level, text }) => `${level}: ${text}`);
const after = (source: Source, at: Target, place?: RestorePlace) =>
	segmentsAfter(makePlan(source, at, place))
		.filter(({ kind }) => kind === 'partition')
		.map(({ title, short, length, selected }) => [title, short, length / GB, selected]);

describe('the places on a target with a table', () => {
	it('are all its partitions, those that are too small or mounted with the reason against them', () => {
		const mounted = { ...large, number: 3, start: 30 * GB, mountedAt: ['/srv'] };
		const plan = makePlan(recovery, target({ partitions: [small, large, mounted] }));
		expect(plan.places.map(({ into: place, obstacle }) => [place, obstacle])).toEqual([
			[into(1), 'too small, 5.08 GB are needed'],
			[into(2), undefined],
			[into(3), 'mounted at /srv'],
		]);
		expect(picksPartition(plan)).toBe(true);
	});

	it('have the own one first of all, which the engine is not asked for', () => {
		const plan = makePlan(recovery, same);
		expect(plan.place).toMatchObject({ partition: { number: 5 }, obstacle: undefined });
		expect(choiceOf('/a', plan, options)).not.toHaveProperty('into');
		const other = makePlan(recovery, same, into(4));
		expect(choiceOf('/a', other, options)).toMatchObject({ partitions: [5], into: into(4) });
		expect([overwritten(plan), overwritten(other)].map(([one]) => one?.number)).toEqual([5, 4]);
	});

	it('wait for a choice where the own one is not there', () => {
		const plan = makePlan(recovery, two);
		expect(plan.place).toBeUndefined();
		expect(lacksPlace(plan)).toBe(true);
		expect(isRefused(plan)).toBe(false);
		expect(overwritten(plan)).toEqual([]);
		expect(texts(recovery, two)).toEqual([expect.stringMatching(/^information: .*Choose the one that takes it\.$/)]);
		expect(lacksPlace(makePlan(recovery, two, into(2)))).toBe(false);
	});

	it('may all be too small', () => {
		expect(lacksPlace(makePlan(windows, two))).toBe(false);
		expect(texts(windows, two)).toEqual(['error: None of its partitions can take partition 4, which has 232.72 GB.']);
	});

	it('are nothing to choose for a whole disk or several partitions', () => {
		for (const partitions of [undefined, [], [4, 5]]) {
			expect(makePlan({ disk, partitions }, same).places).toEqual([]);
			expect(makePlan({ disk, partitions }, file).places).toEqual([]);
		}
	});

	it('are drawn with what is lost, and with the partition in the one that is taken', () => {
		const plan = makePlan(recovery, two, into(2));
		const before = segmentsBefore(plan).filter(({ kind }) => kind === 'partition');
		expect(before.map(({ title, tone }) => [title, tone])).toEqual([
			['Small', undefined],
			['Large', 'danger'],
		]);
		expect(after(recovery, two, into(2))).toEqual([
			['Small', '1', 4, false],
			['Recovery image', '2', 20, true],
		]);
		expect(keepsTable(plan)).toBe(true);
	});

	it('that are larger leave the file system as large as it was', () => {
		expect(texts(recovery, two, into(2))).toEqual([
			expect.stringMatching(
				/^information: Partition 2 of the target is 14\.92 GB larger than needed\. .* keeps its size/,
			),
		]);
		expect(texts(recovery, same)).toEqual([]);
	});
});

describe('the places on a target without a table', () => {
	it('are a table with the partition, or the partition alone', () => {
		const plan = makePlan(recovery, file);
		expect(plan.places.map(({ key, into: place }) => [key, place])).toEqual([
			['table', undefined],
			['volume', { kind: 'volume' }],
		]);
		expect(picksPartition(plan)).toBe(false);
		expect(plan.place?.key).toBe('table');
		expect(texts(recovery, file)).toEqual([expect.stringContaining('A raw file of 238.47 GB is made')]);
		const alone = { kind: 'volume' } as const;
		expect(texts(recovery, file, alone)).toEqual([expect.stringContaining('A raw file of 5.08 GB is made')]);
		expect(choiceOf('/a', makePlan(recovery, file, alone), options)).toMatchObject({ into: alone });
		expect(after(recovery, file, alone)).toHaveLength(1);
		expect(segmentsAfter(makePlan(recovery, file, alone))).toHaveLength(1);
	});

	it('are the same on one that is there and seems empty', () => {
		const blank = whole('unknown', 100 * GB);
		expect(makePlan(recovery, blank).places.map(({ obstacle }) => obstacle)).toEqual([
			'too small, 238.47 GB are needed',
			undefined,
		]);
		expect(texts(recovery, blank)).toEqual([expect.stringContaining('are needed, since')]);
		const alone = makePlan(recovery, blank, { kind: 'volume' });
		expect(isRefused(alone)).toBe(false);
		expect(judge(alone).map(({ level }) => level)).toEqual(['information']);
		expect(after(recovery, blank, { kind: 'volume' })).toEqual([['Recovery image', '5', 100, true]]);
	});

	it('are one for each of several partitions, in a table', () => {
		const plan = makePlan({ disk, partitions: [1, 2] }, whole('unknown', 100 * GB));
		expect(isRefused(plan)).toBe(false);
		expect(overwritten(plan).map(({ start }) => start)).toEqual([0]);
		expect(keepsTable(plan)).toBe(false);
	});

	it('are the file system that it holds, without a question', () => {
		const volume = whole('ext4', 6 * GB);
		const plan = makePlan(recovery, volume);
		expect(plan.places).toHaveLength(1);
		expect(choiceOf('/a', plan, options)).toMatchObject({ into: { kind: 'volume' } });
		expect(overwritten(plan).map(({ fileSystem }) => fileSystem)).toEqual(['ext4']);
		expect(isRefused(plan)).toBe(false);
		expect(texts(recovery, whole('ext4', 5 * GB))).toEqual([expect.stringMatching(/^error: It has 5\.00 GB/)]);
	});

	it('are no choice where the imaged disk had no table either', () => {
		const bare: Source = {
			disk: { ...disk, table: 'none', partitions: [{ ...disk.partitions[4]!, start: 0 }] },
			partitions: [5],
		};
		expect(makePlan(bare, file).places).toEqual([]);
		const own = makePlan(bare, whole('NTFS', 6 * GB));
		expect(own.place?.into).toBeUndefined();
		expect(overwritten(own)).toHaveLength(1);
	});
});

describe('a partition that grows', () => {
	const source: Source = { disk, partitions: undefined };
	const larger = target({ size: 465 * GB });
	const grown = (part: Partial<typeof disk>, at: Target = larger) =>
		makePlan({ disk: { ...disk, ...part }, partitions: undefined }, at).growths.map(
			({ partition: { number }, length }) => [number, length],
		);

	it('is one with free space behind it on a larger target, up to the table behind it', () => {
		const last = disk.partitions.at(-1)!;
		const end = Math.floor((465 * GB - 33 * 512) / 1024 ** 2) * 1024 ** 2;
		expect(grown({})).toEqual([[5, end - last.start]]);
		const gap = disk.partitions.filter(({ number }) => number !== 4);
		expect(grown({ partitions: gap })).toEqual([
			[3, last.start - disk.partitions[2]!.start - (last.start % 1024 ** 2)],
			[5, end - last.start],
		]);
	});

	it('is none on a disk that is not larger, in a file that is made, of single partitions or without a table', () => {
		expect(grown({}, target({ size: disk.size }))).toEqual([]);
		expect(grown({}, file)).toEqual([]);
		expect(grown({ table: 'none' })).toEqual([]);
		expect(makePlan({ disk, partitions: [5] }, larger).growths).toEqual([]);
	});

	it('may be a logical one, but none that would reach into the extended partition or the record of the next', () => {
		const [first, second] = [disk.partitions[0]!, disk.partitions[1]!];
		const at = (number: number, start: number) => ({
			...second,
			number,
			start: start * 1024 ** 2,
			length: 100 * 1024 ** 2,
		});
		const mbr = { table: 'mbr' as const, backupTableSize: 0 };
		const all = Math.floor((465 * GB) / 1024 ** 2);
		expect(grown({ ...mbr, partitions: [first, at(5, 400), at(6, 700)] })).toEqual([
			[1, 398 * 1024 ** 2],
			[5, 299 * 1024 ** 2],
			[6, (all - 700) * 1024 ** 2],
		]);
		expect(grown({ ...mbr, partitions: [at(1, 1)] }, target({ size: 3000 * GB }))).toEqual([
			[1, 2048 * GB - 1024 ** 2],
		]);
	});

	it('is drawn and asked for as it will be', () => {
		const plan = makePlan(source, larger, undefined, 5);
		expect(choiceOf('/a', plan, options)).toMatchObject({ grow: 5 });
		const map = segmentsAfter(plan);
		expect(map.map(({ title }) => title)).not.toContain('Free');
		expect(map.at(-1)).toMatchObject({ title: 'Recovery image', length: plan.growth!.length });
		expect(judge(plan)).toEqual([
			{ level: 'information', text: expect.stringContaining('Partition 5 grows') as string },
		]);
		// What cannot grow does not.
		expect(makePlan(source, larger, undefined, 4).growth).toBeUndefined();
	});
});

describe('partitions that become smaller', () => {
	const source: Source = { disk, partitions: undefined };
	const needed = neededSize(source);
	const shrinkable = disk.partitions.filter(({ fileSystem }) => ['ext', 'NTFS'].includes(fileSystem));
	const spare = shrinkable.reduce((sum, { length, used }) => sum + length - used, 0);
	const smaller = target({ size: needed - spare / 2 });

	it('are offered on a target that is too small by what is free in them', () => {
		const plan = makePlan(source, smaller);
		expect(plan.shrinking?.able).toEqual(shrinkable);
		expect(plan.shrinks).toBe(false);
		expect(isRefused(plan)).toBe(true);
		expect(texts(source, smaller)[0]).toMatch(/unless file systems are made smaller/);
	});

	it('are asked for and drawn, each with the same share less', () => {
		const plan = makePlan(source, smaller, undefined, undefined, true);
		expect(isRefused(plan)).toBe(false);
		expect(choiceOf('/a', plan, options)).toMatchObject({ shrink: shrinkable.map(({ number }) => number) });
		for (const { number, length, used } of shrinkable) {
			const now = plan.shrinking!.lengths.get(number)!;
			expect(now % 1024 ** 2).toBe(0);
			expect((length - now) / (length - used)).toBeCloseTo(0.5, 1);
		}
		const map = segmentsAfter(plan);
		expect(map.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(
			smaller.kind === 'disk' ? smaller.disk.size : 0,
		);
		expect(map.filter(({ selected }) => selected)).toHaveLength(disk.partitions.length);
	});

	it.each([
		['a target that is large enough', source, target({ size: needed })],
		['one that is too small for what is in use', source, target({ size: needed - spare - 1024 ** 2 })],
		['a file that is made', source, file],
		['partitions of a target that keeps its table', { disk, partitions: [shrinkable[0]!.number] }, smaller],
		['a disk without a table', { disk: { ...disk, table: 'none' as const }, partitions: undefined }, smaller],
	])('are none for %s', (_, from, to) => {
		const plan = makePlan(from, to, undefined, undefined, true);
		expect([plan.shrinking, plan.shrinks]).toEqual([undefined, false]);
		expect(choiceOf('/a', plan, options)).not.toHaveProperty('shrink');
	});
});
