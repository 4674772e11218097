import { describe, expect, it } from 'vitest';
import { RecentMap } from '../../../src/base/recent-map.ts';

const value = (name: string) => ({ name });

describe('a map of bounded size', () => {
	it('lets go of what was not asked for the longest', () => {
		const map = new RecentMap<number, { name: string }>(2);
		map.set(1, value('a'));
		map.set(2, value('b'));
		expect(map.get(1)).toEqual(value('a'));
		map.set(3, value('c'));
		expect([1, 2, 3].map((key) => map.get(key)?.name)).toEqual(['a', undefined, 'c']);
	});

	it('counts a value that is set anew once, as the newest', () => {
		const map = new RecentMap<number, { name: string }>(2);
		map.set(1, value('a'));
		map.set(2, value('b'));
		map.set(1, value('A'));
		map.set(3, value('c'));
		expect([1, 2, 3].map((key) => map.get(key)?.name)).toEqual(['A', undefined, 'c']);
	});

	it('removes a value only while it is that one, and all of them', () => {
		const map = new RecentMap<number, { name: string }>(2);
		const [old, fresh] = [value('old'), value('fresh')];
		map.set(1, old);
		map.set(1, fresh);
		map.remove(1, old);
		expect(map.get(1)).toBe(fresh);
		map.remove(1, fresh);
		expect(map.get(1)).toBeUndefined();
		map.set(2, old);
		map.clear();
		expect(map.get(2)).toBeUndefined();
	});
});
