import { expect, test } from 'vitest';
import { byPartition, outermost } from '../../../../src/extension/browse/selection.ts';

const place = (path: string, partition = 1) => ({ image: '/b/A.mrimgx', disk: 0, partition, path });

test('what lies in a chosen folder comes with it and is not asked for again', () => {
	const chosen = [place('etc/ssh/config'), place('etc'), place('etcetera'), place('etc/fstab'), place('etc/ssh', 2)];
	expect(outermost(chosen).map(({ path, partition }) => `${partition} ${path}`)).toEqual([
		'1 etc',
		'1 etcetera',
		'2 etc/ssh',
	]);
	expect(outermost([place('a'), place('')]).map(({ path }) => path)).toEqual(['']);
});

test('a job takes the files of one partition', () => {
	expect(byPartition([place('a'), place('b', 2), place('c')])).toEqual([
		{ image: '/b/A.mrimgx', disk: 0, partition: 1, paths: ['a', 'c'] },
		{ image: '/b/A.mrimgx', disk: 0, partition: 2, paths: ['b'] },
	]);
});
