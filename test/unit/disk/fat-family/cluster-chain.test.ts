import { describe, expect, test } from 'vitest';
import { MemoryBytes } from '../../../../src/base/bytes.ts';
import { AllocationTable } from '../../../../src/disk/fat-family/allocation-table.ts';
import { followChain, wholeChain } from '../../../../src/disk/fat-family/cluster-chain.ts';
import { ClusterRuns } from '../../../../src/disk/fat-family/cluster-runs.ts';

const clusterCount = 500_000;
const end = 0x0fff_ffff;

/** A FAT32 table of two million bytes behind a sector of something else, with the chains; counts the reads. */
function tableOf(...chains: readonly (readonly number[])[]) {
	const bytes = new Uint8Array(512 + (clusterCount + 2) * 4);
	const view = new DataView(bytes.buffer);
	for (const chain of chains) {
		for (const [i, cluster] of chain.entries()) view.setUint32(512 + cluster * 4, chain[i + 1] ?? end, true);
	}
	const memory = new MemoryBytes(bytes);
	const counted = { reads: 0, longest: 0 };
	const volume = {
		size: bytes.length,
		read: async (offset: number, target: Uint8Array) => {
			counted.reads++;
			counted.longest = Math.max(counted.longest, target.length);
			await memory.read(offset, target);
		},
	};
	const link = (cluster: number, next: number) => view.setUint32(512 + cluster * 4, next, true);
	return { table: new AllocationTable(volume, { kind: 'FAT32', offset: 512, clusterCount }), counted, link };
}

const clustersOf = (runs: ClusterRuns) =>
	Array.from({ length: runs.count }, (_, run) =>
		Array.from({ length: runs.length(run) }, (_, i) => runs.start(run) + i),
	).flat();

test('a chain that leads all over the table and back', async () => {
	const order = Array.from({ length: 2000 }, (_, i) => 2 + ((i * 123_457) % clusterCount));
	const { table, counted } = tableOf(order);
	const { runs, ended, damage } = await followChain(table, 'a file', order[0]!, order.length, undefined);
	expect(clustersOf(runs)).toEqual(order);
	expect([ended, damage]).toEqual([true, undefined]);
	expect(counted.longest).toBeLessThan(100_000);
});

test('the last cluster of the volume', async () => {
	const { table } = tableOf([2, clusterCount + 1]);
	expect(clustersOf(await wholeChain(table, 'a file', 2, 2, undefined))).toEqual([2, clusterCount + 1]);
	await expect(wholeChain(table, 'a file', clusterCount + 2, 1, undefined)).rejects.toThrow(/first cluster of a file/);
});

test('pieces of the table are read once while few are needed', async () => {
	const order = Array.from({ length: 3000 }, (_, i) => 2 + (i % 3) * 100_000 + i);
	const { table, counted } = tableOf(order);
	await wholeChain(table, 'a file', 2, 3000, undefined);
	await wholeChain(table, 'a file', 2, 3000, undefined);
	expect(counted.reads).toBe(3);
});

test('what is known of the table is bounded', async () => {
	const order = Array.from({ length: 40 }, (_, i) => 2 + i * 12_400);
	const { table, counted } = tableOf(order);
	await wholeChain(table, 'a file', 2, 40, undefined);
	expect(counted.reads).toBe(40);
	await wholeChain(table, 'a file', 2, 40, undefined);
	expect(counted.reads).toBeGreaterThan(40);
});

test('a circle is left soon, and found out where a file ends within it', async () => {
	const way = Array.from({ length: 10 }, (_, i) => 50 + i * 2);
	const { table, link } = tableOf(way);
	link(68, 60);
	const { runs, ended, damage } = await followChain(table, 'a file', 50, 400_000, undefined);
	expect(ended).toBe(false);
	expect(damage?.message).toMatch(/at most 400000 clusters, found a circle/);
	expect(runs.clusters).toBeLessThan(50);
	for (const needed of [11, 12, 13, 14, 20, 50]) {
		await expect(wholeChain(table, 'a file', 50, needed, undefined)).rejects.toThrow(/found a circle/);
	}
	expect((await wholeChain(table, 'a file', 50, 10, undefined)).clusters).toBe(10);
});

test('is cancelled between pieces', async () => {
	const { table } = tableOf([2, 400_000]);
	await expect(wholeChain(table, 'a file', 2, 2, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});

describe('runs', () => {
	const runsOf = (...clusters: number[]) => {
		const runs = new ClusterRuns();
		for (const cluster of clusters) runs.add(cluster);
		return runs;
	};

	test('join neighbours, and are found by the cluster of the file', () => {
		const runs = runsOf(7, 8, 9, 3, 4, 2, 0xffff_fff6);
		expect([runs.count, runs.clusters]).toEqual([4, 7]);
		expect([0, 1, 2, 3, 4, 5, 6].map((index) => runs.find(index))).toEqual([0, 0, 0, 1, 1, 2, 3]);
		expect([0, 1, 2, 3].map((run) => [runs.start(run), runs.length(run), runs.before(run)])).toEqual([
			[7, 3, 0],
			[3, 2, 3],
			[2, 1, 5],
			[0xffff_fff6, 1, 6],
		]);
	});

	test('tell whether a cluster stands in them twice', () => {
		expect(runsOf(7, 8, 9, 3, 4, 2).repeats()).toBe(false);
		expect(runsOf(7, 8, 9, 3, 4, 9).repeats()).toBe(true);
		expect(runsOf(7, 8, 9, 6, 7).repeats()).toBe(true);
		expect(runsOf(0xffff_0000, 5, 0xffff_0000).repeats()).toBe(true);
		expect(ClusterRuns.contiguous(5, 100).repeats()).toBe(false);
	});

	test('are not kept without end', () => {
		const runs = new ClusterRuns();
		const add = () => {
			for (let i = 0; i < 2 ** 23; i++) runs.add(2 + i * 2);
		};
		expect(add).not.toThrow();
		expect(() => runs.add(5)).toThrow(/more than 8388608 pieces/);
	});
});
