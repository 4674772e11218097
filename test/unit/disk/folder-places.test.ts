import { expect, test } from 'vitest';
import { FolderPlaces } from '../../../src/disk/folder-places.ts';

test('a folder has one place, where it may be listed again', () => {
	const places = new FolderPlaces(2);
	for (let time = 0; time < 2; time++) {
		const isOnlyPlace = places.listing(2);
		expect([10, 11, 10, 2].map(isOnlyPlace)).toEqual([true, true, false, false]);
	}
	expect([10, 12, 2].map(places.listing(11))).toEqual([false, true, false]);
	expect([12, 11].map(places.listing(12))).toEqual([false, false]);
});

test('of more folders than are remembered the first are forgotten, the root never', () => {
	const places = new FolderPlaces(2, 2);
	expect([10, 11, 12].map(places.listing(2))).toEqual([true, true, true]);
	expect([10, 12, 2].map(places.listing(11))).toEqual([true, false, false]);
});
