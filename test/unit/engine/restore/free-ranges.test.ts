import { expect, it } from 'vitest';
import { gapRanges } from '../../../../src/engine/restore/free-ranges.ts';

it.each([
	['without partitions', [], [[0, 100]]],
	[
		'before, between and behind them, in any order',
		[
			[60, 20],
			[10, 20],
		],
		[
			[0, 10],
			[30, 60],
			[80, 100],
		],
	],
	[
		'not between neighbours',
		[
			[0, 50],
			[50, 50],
		],
		[],
	],
	[
		'not in what overlaps',
		[
			[10, 80],
			[20, 10],
			[85, 5],
		],
		[
			[0, 10],
			[90, 100],
		],
	],
	[
		'not behind the end of the disk',
		[
			[10, 100],
			[120, 10],
		],
		[[0, 10]],
	],
	['up to the end of the disk, wherever partitions begin', [[120, 10]], [[0, 100]]],
] as const)('gaps: %s', (_, partitions, gaps) => {
	const found = gapRanges(partitions.map(([start, length]) => ({ start, length })), 100); // prettier-ignore
	expect(found.map(({ start, end }) => [start, end])).toEqual(gaps);
});
