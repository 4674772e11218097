import { expect, it } from 'vitest';
import { BlockSet } from '../../../../src/image/block-set.ts';

it('BlockSet keeps its members in order', () => {
	const set = new BlockSet(20000);
	for (const block of [19999, 4096, 7, 8]) set.add(block);
	const members: number[] = [];
	for (let block = set.next(0); block < 20000; block = set.next(block + 1)) members.push(block);
	expect(members).toEqual([7, 8, 4096, 19999]);
	expect([set.size(), set.has(7), set.has(9)]).toEqual([4, true, false]);
	set.delete(7);
	expect([set.size(), set.has(7), set.next(0)]).toEqual([3, false, 8]);
});
