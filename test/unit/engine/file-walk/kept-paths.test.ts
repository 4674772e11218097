import { describe, expect, it } from 'vitest';
import { KeptPaths, PathLimit } from '../../../../src/engine/file-walk/kept-paths.ts';

const paths = (count: number) => Array.from({ length: count }, (_, i) => ({ path: `p${i}` }));

describe('paths that are kept', () => {
	it('are the first ones of several lists together, by name; all are counted', () => {
		const limit = new PathLimit(3);
		const [one, other] = [new KeptPaths(limit), new KeptPaths(limit)];
		for (const path of ['b', 'a']) one.add({ path });
		for (const path of ['d', 'c']) other.add({ path });
		expect([one.kept, one.count]).toEqual([[{ path: 'a' }, { path: 'b' }], 2]);
		expect([other.kept, other.count]).toEqual([[{ path: 'd' }], 2]);
	});

	it('are 1000 of a backup, and not more than are left of a run', () => {
		const run = new PathLimit(1500);
		expect(new PathLimit(undefined, run).keep(paths(2000))).toEqual(paths(1000));
		expect(new PathLimit(undefined, run).keep(paths(2000))).toEqual(paths(500));
		expect(new PathLimit(undefined, run).keep(paths(1))).toEqual([]);
	});

	it('take no more room for being very long', () => {
		const limit = new PathLimit(4);
		const long = { path: 'x/'.repeat(1000) };
		const endless = { path: 'x/'.repeat(5000) };
		expect(limit.keep([endless, long, endless, ...paths(3)])).toEqual([long, ...paths(2)]);
	});
});
