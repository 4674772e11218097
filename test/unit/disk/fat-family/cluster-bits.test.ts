import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClusterBits, popCount, reportRuns } from '../../../../src/disk/fat-family/cluster-bits.ts';

test('runs, counts and differences agree with a plain list', () => {
	fc.assert(
		fc.property(
			fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }),
			fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }),
			(used, others) => {
				const bits = new ClusterBits(used.length);
				const other = new ClusterBits(used.length);
				used.forEach((bit, i) => bit && bits.set(i));
				others.slice(0, used.length).forEach((bit, i) => bit && other.set(i));
				expect(bits.setCount()).toBe(used.filter(Boolean).length);
				expect(bits.firstMissingIn(other)).toBe(used.findIndex((bit, i) => bit && !others[i]));
				const found = used.map(() => false);
				bits.report({ add: (start, end) => found.fill(true, (start - 7) / 3, (end - 7) / 3) }, 7, 3);
				expect(found).toEqual(used);
			},
		),
	);
});

test('runs are as long as they can be', () => {
	const runs: number[][] = [];
	const bits = Uint8Array.of(0xf0, 0xff, 0xff, 0x0f, 0, 0x80);
	reportRuns(bits, 100, 47, { add: (...run) => runs.push(run) }, 0, 1);
	expect(runs).toEqual([[104, 128]]);
	expect(popCount(bits, 47)).toBe(24);
});
