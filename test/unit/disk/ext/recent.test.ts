import { expect, test } from 'vitest';
import { Recent } from '../../../../src/disk/ext/files/recent.ts';

test('keeps what was asked for last, and no more than its limit', async () => {
	const loads: number[] = [];
	const recent = new Recent(2, async (number) => {
		loads.push(number);
		return number * 10;
	});
	for (const number of [1, 2, 1, 3, 1, 2]) expect(await recent.get(number)).toBe(number * 10);
	expect(loads).toEqual([1, 2, 3, 2]);
});

test('loads once for all who ask at the same time, and again after a failure', async () => {
	let loads = 0;
	const recent = new Recent(2, async (number) => {
		if (++loads === 1) throw new Error('broken');
		return number;
	});
	const both = await Promise.allSettled([recent.get(5), recent.get(5)]);
	expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
	expect(loads).toBe(1);
	expect(await Promise.all([recent.get(5), recent.get(5)])).toEqual([5, 5]);
	expect(loads).toBe(2);
});
