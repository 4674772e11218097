import { describe, expect, it } from 'vitest';
import {
	type BackupSet,
	buildSet,
	damagedLastPart,
	historyOf,
	lineage,
	matchingSets,
	missingFile,
	nextNumbers,
	type RestorePoint,
} from '../../../../src/image/set/backup-set.ts';
import { completeManifest, type Manifest } from '../../../../src/image/manifest.ts';
import { partitionIdentity } from '../../../../src/image/set/partition-identity.ts';
import { memberOf, type SetMember } from '../../../../src/image/set/set-member.ts';
import { explainSuperseded } from '../../../../src/image/set/superseded.ts';

interface Made {
	number: number;
	increment?: number;
	type?: 'full' | 'diff' | 'inc';
	merged?: number[];
	split?: boolean;
	/** Numbers of the files that the set had then; all up to its own when left out. */
	history?: number[];
	name?: string;
}

function nameOf(number: number, increment = number): string {
	return `0123456789ABCDEF-${String(increment).padStart(2, '0')}-${String(number).padStart(2, '0')}.mrimgx`;
}

function member({
	number,
	increment = number,
	type = 'inc',
	merged = [],
	split = false,
	history,
	name,
}: Made): SetMember {
	const known = history ?? Array.from({ length: number + 1 }, (_, i) => i);
	const manifest: Manifest = completeManifest({
		_compression: { compression_level: 'medium' },
		_encryption: { enable: false, key_iterations: 0 },
		_header: {
			imageid: '0123456789ABCDEF',
			file_number: number,
			increment_number: increment,
			index_file_position: 0,
			delta_index: type === 'inc',
			backup_type: type,
			backup_time: 1000 + number,
			merged_files: merged,
			split_file: split,
		},
		disks: [
			{
				_geometry: { bytes_per_sector: 512, disk_size: 1 << 30 },
				_header: { disk_format: 'gpt', disk_number: 0, disk_signature: '{2d37a83c-3f86-4734-849e-fd9a833d874a}' },
				partitions: [
					{
						_file_system: { lcn0_offset: 1 << 20 },
						_geometry: { start: 1 << 20, length: 1 << 20 },
						_header: {
							block_size: 65536,
							partition_number: 1,
							file_history: known.map((file) => ({
								file_number: file,
								file_name: `/b/${nameOf(file, file === number ? increment : file)}`,
							})),
						},
					},
				],
			},
		],
	});
	const file = name ?? nameOf(number, increment);
	return memberOf(file, `/b/${file}`, { manifest, size: 100, rootPosition: 50, dataEnd: 40 });
}

function setOf(...files: Made[]) {
	return buildSet('0123456789ABCDEF', files.map(member), []);
}

const full: Made = { number: 0, type: 'full' };

function missingOf(points: readonly RestorePoint[]): number[][] {
	return points.map((point) => point.missing.map((file) => file.fileNumber));
}

describe('points', () => {
	it('stand on the full, or on what came before', () => {
		const set = setOf({ number: 3 }, full, { number: 2, type: 'diff' }, { number: 1 });
		expect(set.points.map((point) => [point.fileNumber, point.type, point.parent?.fileNumber])).toEqual([
			[0, 'full', undefined],
			[1, 'inc', 0],
			[2, 'diff', 0],
			[3, 'inc', 2],
		]);
		expect(missingOf(set.points)).toEqual([[], [], [], []]);
		expect(lineage(set.points[3]!).map((point) => point.fileNumber)).toEqual([3, 2, 0]);
	});

	it('name an incremental that is missing, and so does all that stands on it', () => {
		const set = setOf(full, { number: 1 }, { number: 3 }, { number: 4 }, { number: 5, type: 'diff' }, { number: 6 });
		expect(missingOf(set.points)).toEqual([[], [], [2], [2], [], []]);
		expect(set.points[2]!.missing[0]!.name).toBe(nameOf(2));
	});

	it('miss the full where it is gone', () => {
		const set = setOf({ number: 1 }, { number: 2, type: 'diff' });
		expect(missingOf(set.points)).toEqual([[0], [0]]);
	});

	it('do not miss what retention had deleted before they were made', () => {
		const set = setOf(
			full,
			{ number: 1 },
			{ number: 4, history: [0, 1, 4] },
			{ number: 6, type: 'diff', history: [0, 1, 4, 6] },
		);
		expect(missingOf(set.points)).toEqual([[], [], [], []]);
	});

	it('find absorbed numbers in the file that has absorbed them', () => {
		const set = setOf(full, { number: 1, merged: [2, 3] }, { number: 4 });
		expect(missingOf(set.points)).toEqual([[], [], []]);
	});
});

describe('split backups', () => {
	const first: Made = { number: 0, increment: 0, type: 'full', split: true };
	const last: Made = { number: 1, increment: 0, type: 'full' };

	it('are one point of several parts', () => {
		const set = setOf(first, last, { number: 2, increment: 1 });
		expect(set.points.map((point) => point.parts.map((part) => part.header.file_number))).toEqual([[0, 1], [2]]);
		expect(set.points[0]!.size).toBe(200);
		expect(missingOf(set.points)).toEqual([[], []]);
	});

	it('miss the part that is not there', () => {
		const set = setOf(last, { number: 2, increment: 1 });
		expect(missingOf(set.points)).toEqual([[0], [0]]);
	});

	it('miss parts whose names nothing knows, by their numbers', () => {
		expect(missingOf(setOf({ ...last, history: [1] }).points)).toEqual([[0]]);
		const third: Made = { number: 2, increment: 0, type: 'full', history: [2] };
		expect(missingOf(setOf(first, third).points)).toEqual([[1]]);
		expect(missingOf(setOf({ number: 1, history: [1] }).points)).toEqual([[0]]);
	});

	it('miss a part of a differential by the increment number in its name', () => {
		const made = member({ number: 3, increment: 2, type: 'diff', history: [0, 1, 2, 3] });
		const history = new Map([...made.history, [2, `/b/${nameOf(2, 2)}`]]);
		const files = [member(full), member({ number: 1 }), { ...made, history }];
		expect(missingOf(buildSet('0123456789ABCDEF', files, []).points)).toEqual([[], [], [2]]);
	});

	it('know their last part among the damaged files by the numbers in its name', () => {
		const damaged = (name: string) => ({
			name,
			path: `/b/${name}`,
			error: { code: 'image-damaged', message: '' } as const,
		});
		const split = member(first);
		const found = (...names: string[]) =>
			damagedLastPart(buildSet('0123456789ABCDEF', [split], names.map(damaged)), split);
		expect(found(nameOf(0, 0), nameOf(1, 1), 'x.mrimgx')).toBeUndefined();
		expect(found(nameOf(2, 1), nameOf(1, 0))).toMatchObject({ fileNumber: 1, name: nameOf(1, 0) });
	});

	it('are no point without their last part', () => {
		expect(setOf(first).points).toEqual([]);
		const later = member({ number: 2, increment: 1 });
		const history = new Map([...later.history, [1, `/b/${nameOf(1, 0)}`]]);
		const { points } = buildSet('0123456789ABCDEF', [member(first), { ...later, history }], []);
		expect(points.map((point) => [point.type, point.parts.map((part) => part.header.file_number)])).toEqual([
			['inc', [2]],
		]);
		expect(missingOf(points)).toEqual([[1]]);
	});
});

it('a file that is missing is the damaged one of its name, or else of its number', () => {
	const damaged = [nameOf(2), 'copy-02-02.mrimgx', `FEDCBA9876543210-05-05.mrimgx`].map((name) => ({
		...{ name, path: `/b/${name}` },
		error: { code: 'image-damaged', message: '' } as const,
	}));
	const history = new Map([
		[2, `/elsewhere/copy-02-02.mrimgx`],
		[5, `/elsewhere/${nameOf(5)}`],
	]);
	const found = [2, 5, 6].map((number) => missingFile(damaged, number, history));
	expect(found.map((file) => [file.name, file.damaged?.name])).toEqual([
		['copy-02-02.mrimgx', 'copy-02-02.mrimgx'],
		[nameOf(5), 'FEDCBA9876543210-05-05.mrimgx'],
		[undefined, undefined],
	]);
});

describe('files that claim one number', () => {
	it('are left out when another has absorbed them', () => {
		const set = setOf(full, { number: 1, merged: [2, 3] }, { number: 2 }, { number: 3 }, { number: 4 });
		expect(set.members.map((file) => file.header.file_number)).toEqual([0, 1, 4]);
		expect(set.superseded.map((file) => file.header.file_number)).toEqual([2, 3]);
	});

	it('are left out but for the one that has absorbed more, then the first by name', () => {
		const copies = setOf(full, { number: 1, name: 'copy of it.mrimgx' }, { number: 1, name: 'a.mrimgx' });
		expect(copies.superseded.map((file) => file.name)).toEqual(['copy of it.mrimgx']);
		const named = setOf(full, { number: 1, name: '0 copy.mrimgx' }, { number: 1 });
		expect(named.superseded.map((file) => file.name)).toEqual(['0 copy.mrimgx']);
		const merged = setOf({ ...full, name: 'a.mrimgx' }, { ...full, name: 'b.mrimgx', merged: [1] });
		expect(merged.members.map((file) => file.name)).toEqual(['b.mrimgx']);
	});
});

it.each([
	['what a merge left', { number: 2 }, { number: 1, merged: [2] }, 'leftover'],
	['a copy of what a merge took', { number: 2, name: 'kept.mrimgx' }, { number: 1, merged: [2] }, 'copy-of-absorbed'],
	[
		'one of a merged file that was renamed',
		{ number: 2 },
		{ number: 1, merged: [2], name: 'x.mrimgx' },
		'copy-of-absorbed',
	],
	['a copy', { number: 1, name: 'kept.mrimgx' }, { number: 1 }, 'copy'],
	['a copy from before', { number: 1, name: 'kept.mrimgx' }, { number: 1, merged: [2] }, 'copy-from-before'],
	['one that is newer', { number: 2, later: 5 }, { number: 1, merged: [2] }, 'other'],
	['one that is older', { number: 1, name: 'kept.mrimgx', later: -5 }, { number: 1 }, 'other'],
	['one of another size', { number: 1, name: 'kept.mrimgx', size: 99 }, { number: 1 }, 'other'],
	['one of nobody', { number: 7 }, { number: 1 }, 'other'],
] as const)('a file beside a set is told apart: %s', (_, { number, ...more }, { number: of, ...merged }, kind) => {
	const at = (made: Made, time: number) => {
		const one = member(made);
		return { ...one, header: { ...one.header, backup_time: time } };
	};
	const file = at(
		{ number, ...('name' in more ? { name: more.name } : {}) },
		'later' in more ? 2000 + more.later : 2000,
	);
	const whole = at(
		{
			number: of,
			merged: 'merged' in merged ? [...merged.merged] : [],
			...('name' in merged ? { name: merged.name } : {}),
		},
		2000,
	);
	const sized = 'size' in more ? { ...file, size: more.size } : file;
	expect(explainSuperseded({ members: [member(full), whole] }, sized).kind).toBe(kind);
});

describe('the next file', () => {
	it.each([
		[[full], 1, 1],
		[[full, { number: 1 }, { number: 2 }], 3, 3],
		[[full, { number: 1, merged: [2, 3] }], 4, 4],
		[[{ ...full, merged: [1, 2] }], 3, 3],
		[
			[
				{ number: 0, increment: 0, type: 'full' as const, split: true },
				{ number: 1, increment: 0, type: 'full' as const },
			],
			2,
			1,
		],
	])('after %j has numbers %i and %i', (files, fileNumber, incrementNumber) => {
		expect(nextNumbers(setOf(...files))).toEqual({ fileNumber, incrementNumber });
	});

	it('knows the files that are there', () => {
		expect(historyOf(setOf(full, { number: 2 })).map((entry) => entry.file_name)).toEqual([
			`/b/${nameOf(0)}`,
			`/b/${nameOf(2)}`,
		]);
	});
});

describe('matching', () => {
	const disk = '2D37A83C-3F86-4734-849E-FD9A833D874A';

	it('gives the newest set first and none whose partitions differ', () => {
		const older = setOf(full);
		const newer = setOf(full, { number: 1 });
		expect(matchingSets([older, newer], [[partitionIdentity(disk, 1 << 20, '')]], 0)).toEqual([newer, older]);
		expect(matchingSets([older, newer], [[partitionIdentity(disk, 0, '')]], 0)).toEqual([]);
	});

	it('takes a full that is dated ahead for no newer than what stands on it', () => {
		const year = 365 * 24 * 3600;
		const at = (from: BackupSet, ...times: number[]) => ({
			...from,
			points: from.points.map((point, i) => ({ ...point, time: times[i]! })),
		});
		const ahead = at(setOf(full, { number: 1 }), 100 * year, 50 * year);
		const newer = at(setOf(full), 51 * year);
		const partitions = [[partitionIdentity(disk, 1 << 20, '')]];
		expect(matchingSets([ahead, newer], partitions, 52 * year)).toEqual([newer, ahead]);
		// Nor does an incremental that was made while the clock was behind make its set older.
		const behind = at(setOf(full, { number: 1 }), 51 * year, 0);
		const older = at(setOf(full), 50 * year);
		expect(matchingSets([older, behind], partitions, 52 * year)).toEqual([behind, older]);
	});
});
