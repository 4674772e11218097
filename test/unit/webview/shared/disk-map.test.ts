import { describe, expect, it } from 'vitest';
import { diskSegments, type MapSegment } from '../../../../webview/shared/disk-map/segments.ts';
import { dataDisk, systemDisk } from '../../../webview/samples.ts';

const segment = (number: number, length: number): MapSegment => ({
	key: String(number),
	kind: 'partition',
	title: String(number),
	short: '',
	detail: '',
	length,
	used: undefined,
	selected: false,
});

describe('the map of a disk', () => {
	it('is in the order of the disk, with the gaps that can be seen', () => {
		const shuffled = { ...dataDisk, partitions: [...dataDisk.partitions].reverse() };
		const titles = diskSegments(shuffled, ({ number, length }) => segment(number, length)).map(({ title }) => title);
		expect(titles).toEqual(['1', 'Free', '5', 'Free']);
	});

	it('leaves out gaps that nobody could see', () => {
		const kinds = diskSegments(systemDisk, ({ number, length }) => segment(number, length)).map(({ kind }) => kind);
		expect(kinds).toEqual(['partition', 'partition', 'partition', 'partition', 'partition']);
	});
});
