import { expect, it } from 'vitest';
import { BlockSet } from '../../../../src/image/index/block-set.ts';

it('BlockSet keeps its members in order', () => {
	const set = new BlockSet(20000);
	for (const block of [19999, 4096, 7, 8]) set.add(block);
	expect([...set]).toEqual([7, 8, 4096, 19999]);
	expect([set.next(9, 4096), set.next(9, 4097), set.next(9), set.next(30, 40)]).toEqual([4096, 4096, 4096, 40]);
	expect([set.size(), set.has(7), set.has(9)]).toEqual([4, true, false]);
	set.delete(7);
	expect([set.size(), set.has(7), set.next(0)]).toEqual([3, false, 8]);
});
