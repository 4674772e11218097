import { expect, it } from 'vitest';
import type { PartitionLoad } from '../../../../src/engine/load/load-plan.ts';
import type { OpenDisk } from '../../../../src/engine/ports/disk-port.ts';
import { Progress } from '../../../../src/engine/progress.ts';
import { bytesToClear, clearFreeSpace } from '../../../../src/engine/restore/write/clear-ranges.ts';
import { freeRanges, gapRanges } from '../../../../src/engine/restore/write/free-ranges.ts';
import { nothingShrunk, type RestorePlan } from '../../../../src/engine/restore/restore-plan.ts';
import { BlockIndex } from '../../../../src/image/index/block-index.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';

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

/** A partition from byte 1000 on; its blocks begin 8 bytes later, and the last one is short. */
function loadOf(...stored: number[]): PartitionLoad {
	const index = new BlockIndex(11);
	for (const block of stored) index.set(block, 0, new Uint8Array(16), 0, 1, 0);
	const layout = { blockStart: 1008, blockLength: 95, blockSize: 10 };
	const partition = { _geometry: { start: 1000, length: 103 } };
	return { partition, resolved: { layout, index } } as unknown as PartitionLoad;
}

it.each([
	[[], [[1008, 1103]]],
	[
		[2, 3, 7],
		[
			[1008, 1028],
			[1048, 1078],
			[1088, 1103],
		],
	],
	[[0, 1, 2, 3, 4, 5, 6, 7, 8], [[1098, 1103]]],
	[[0, 9], [[1018, 1098]]],
	[[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], []],
])('free of a partition that has blocks %j: what lies between them and behind the last', (stored, free) => {
	expect([...freeRanges(loadOf(...stored))].map(({ start, end }) => [start, end])).toEqual(free);
});

it('clears only what is free, at the place that the partition has on the target, and up to its end there', async () => {
	const { context } = new FakeMachine();
	const target = new Uint8Array(3 * 2 ** 20).fill(0xee);
	const plan = {
		target: { write: (at: number, data: Uint8Array) => Promise.resolve(target.set(data, at)) } as unknown as OpenDisk,
		...{ ...nothingShrunk, size: target.length, loads: [loadOf(0, 9)], shift: -900, table: undefined },
		rooms: new Map([[1000, 2 ** 21]]),
	} as unknown as RestorePlan;
	await clearFreeSpace('zero', plan, new Progress(context.ports.clock, context.emit), context);
	const zeros: number[][] = [];
	for (let at = target.indexOf(0); at !== -1;) {
		const end = target.indexOf(0xee, at);
		zeros.push([at, end]);
		at = target.indexOf(0, end);
	}
	expect(zeros).toEqual([
		[118, 198],
		[203, 100 + 2 ** 21],
	]);
	expect(bytesToClear(plan)).toBe(80 + 2 ** 21 - 103);
});

it('leaves free space as it is where a target cannot discard', async () => {
	const machine = new FakeMachine();
	const asked: number[][] = [];
	const discard = (...range: number[]) => Promise.resolve(asked.push(range) > 1);
	const plan = {
		target: { discard, device: { path: '/dev/x' } } as unknown as OpenDisk,
		...{ ...nothingShrunk, size: 5000, loads: [loadOf(2, 3, 7)], shift: 0, table: undefined, rooms: new Map() },
	} as unknown as RestorePlan;
	const { context } = machine;
	await clearFreeSpace('discard', plan, new Progress(context.ports.clock, context.emit), context);
	expect(asked).toEqual([[1008, 20]]);
	expect(machine.logs.map((log) => log.message)).toEqual(['/dev/x cannot discard; its free space is left as it is']);
});
