import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClusterRuns } from '../../../../src/disk/fat-family/cluster-runs.ts';

function runsOf(clusters: readonly number[]): ClusterRuns {
	const runs = new ClusterRuns();
	for (const cluster of clusters) runs.add(cluster);
	return runs;
}

test('finds each cluster of a chain, and one that stands in it twice', () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 2, max: 60 }), { minLength: 1, maxLength: 40 }), (clusters) => {
			const runs = runsOf(clusters);
			expect(runs.clusters).toBe(clusters.length);
			const found = clusters.map((_, index) => {
				const run = runs.find(index);
				return runs.start(run) + index - runs.before(run);
			});
			expect(found).toEqual(clusters);
			expect(runs.repeats()).toBe(new Set(clusters).size < clusters.length);
			for (let run = 1; run < runs.count; run++) {
				expect(runs.start(run)).not.toBe(runs.start(run - 1) + runs.length(run - 1));
			}
		}),
	);
});

test('neighbours are one run, given or added', () => {
	const given = ClusterRuns.contiguous(7, 5);
	const added = runsOf([7, 8, 9, 10, 11]);
	for (const runs of [given, added]) {
		expect([runs.count, runs.clusters, runs.start(0), runs.length(0), runs.before(0), runs.find(4)]).toEqual([
			1, 5, 7, 5, 0, 0,
		]);
		expect(runs.repeats()).toBe(false);
	}
});
