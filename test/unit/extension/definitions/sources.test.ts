import { describe, expect, it } from 'vitest';
import { partitionHolding, sourcesOf } from '../../../../src/extension/definitions/sources.ts';
import type { DiskInfo, PartitionInfo } from '../../../../src/protocol/disks.ts';

const partition = (number: number, ...mountedAt: string[]) =>
	({ number, start: number * 2 ** 20, label: number === 1 ? 'ESP' : '', mountedAt }) as unknown as PartitionInfo;
const disk = (id: string, kind: DiskInfo['kind'], ...partitions: PartitionInfo[]) =>
	({ path: `/dev/${id}`, kind, id, number: 3, model: 'M', partitions }) as unknown as DiskInfo;

describe('sourcesOf', () => {
	const one = partition(1);
	const two = partition(2);

	it('names a whole disk alone, and partitions by number and place', () => {
		const device = disk('A1B2', 'device', one, two);
		const whole = { disk: device, partitions: [one, two] };
		expect(sourcesOf([whole]).disks).toEqual([{ signature: 'A1B2', number: 3, model: 'M', partitions: [] }]);
		const part = { disk: device, partitions: [two] };
		expect(sourcesOf([part]).disks[0]!.partitions).toEqual([{ number: 2, offset: 2 ** 21, label: undefined }]);
	});

	it('names a raw file by its path', () => {
		const file = disk('x', 'file', one, two);
		expect(sourcesOf([{ disk: file, partitions: [one] }])).toMatchObject({
			disks: [],
			rawFiles: [{ path: '/dev/x', partitions: [{ number: 1, label: 'ESP' }] }],
		});
	});

	it('refuses a device that nothing identifies', () => {
		const blank = { ...disk('sdb', 'device'), id: '' };
		expect(() => sourcesOf([{ disk: blank, partitions: [] }])).toThrow(/no disk signature/);
	});
});

describe('partitionHolding', () => {
	const root = partition(2, '/');
	const home = partition(3, '/home', '/mnt/home');
	const disks = [disk('sda', 'device', partition(1, '/boot'), home, root), disk('img', 'file', partition(1))];

	it.each([
		['/home/me/backups', home],
		['/home', home],
		['/homes/me', root],
		['/mnt/home/x', home],
		['/var', root],
		['/', root],
	])('%s', (folder, holder) => {
		expect(partitionHolding(folder, disks)?.partition).toBe(holder);
	});

	it('knows drive letters whatever their case and slashes', () => {
		const c = partition(4, 'C:\\');
		const windows = [disk('0', 'device', c, partition(5, 'D:\\'))];
		expect(partitionHolding('c:\\Backups', windows, true)?.partition).toBe(c);
		expect(partitionHolding('E:\\Backups', windows, true)).toBeUndefined();
		expect(partitionHolding('c:\\Backups', windows)).toBeUndefined();
	});
});
