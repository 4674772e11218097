import { describe, expect, it } from 'vitest';
import { isLeftOver, snapshotName } from '../../../native/linux/lvm/names.ts';
import { extentsFor, objectionTo, partsOf } from '../../../native/linux/lvm/plan.ts';
import { parsePhysicalVolumes, parseVolumes, type LogicalVolume } from '../../../native/linux/lvm/report.ts';

const extent = 4 << 20;

/** A row of `lvs` as version 2.03 writes it. */
function row(more: Record<string, string> = {}): Record<string, string> {
	return {
		vg_name: 'vg0',
		vg_extent_size: String(extent),
		vg_free_count: '100',
		lv_name: 'root',
		lv_kernel_major: '253',
		lv_kernel_minor: '0',
		lv_size: String(100 * extent),
		lv_layout: 'linear',
		lv_role: 'public',
		lv_tags: '',
		lv_snapshot_invalid: '',
		segtype: 'linear',
		seg_start: '0',
		seg_size: String(100 * extent),
		seg_pe_ranges: '/dev/sda2:10-109',
		...more,
	};
}

const report = (...rows: Record<string, string>[]) => JSON.stringify({ report: [{ seg: rows }] });
const volumeOf = (more?: Record<string, string>) => parseVolumes(report(row(more)))[0]!;
const physical = [
	{ device: '/dev/sda2', extentsStart: 1 << 20, metadataAreas: 1 },
	{ device: '/dev/sdb', extentsStart: 1 << 20, metadataAreas: 1 },
];

/** No physical volume is encrypted or in an array. */
const plainly = () => false;

describe('the report of LVM', () => {
	it('gives each volume with its segments', () => {
		const volumes = parseVolumes(
			report(
				row({ seg_size: String(60 * extent), seg_pe_ranges: '/dev/sda2:10-69', lv_tags: 'a,b' }),
				row({ seg_start: String(60 * extent), seg_size: String(40 * extent), seg_pe_ranges: '/dev/sdb:0-39' }),
				row({ lv_name: 'off', lv_kernel_major: '-1', lv_kernel_minor: '-1', segtype: 'striped' }),
			),
		);
		expect(volumes).toMatchObject([
			{
				name: 'root',
				number: '253:0',
				tags: ['a', 'b'],
				invalid: false,
				segments: [
					{ start: 0, length: 60 * extent, on: { device: '/dev/sda2', extent: 10 } },
					{ start: 60 * extent, length: 40 * extent, on: { device: '/dev/sdb', extent: 0 } },
				],
			},
			{ name: 'off', number: undefined, segments: [{ type: 'striped', on: undefined }] },
		]);
	});

	it.each([
		['', 'no JSON'],
		['null', 'no report'],
		['{"report":[{}]}', 'a report without seg'],
		[report(row({ lv_size: '-1' })), 'lv_size = "-1"'],
		[report(row({ vg_extent_size: '4.00m' })), 'vg_extent_size = "4.00m"'],
		['{"report":[{"seg":[{}]}]}', 'vg_name = undefined'],
	])('that is another one is refused: %s', (json, found) => {
		expect(() => parseVolumes(json)).toThrow(`found ${found}`);
	});

	it('tells which snapshots have lost what they held; of thin ones LVM knows no such state', () => {
		const thick = { lv_role: 'public,snapshot,thicksnapshot' };
		expect(volumeOf(thick).invalid).toBe(false);
		expect(volumeOf({ ...thick, lv_snapshot_invalid: 'snapshot invalid' }).invalid).toBe(true);
		expect(volumeOf({ ...thick, lv_snapshot_invalid: 'unknown' }).invalid).toBe(true);
		expect(volumeOf({ lv_layout: 'thin,sparse', segtype: 'thin', lv_snapshot_invalid: 'unknown' }).invalid).toBe(false);
	});

	it('gives physical volumes', () => {
		const pv = [{ pv_name: '/dev/sda2', pe_start: '1048576', pv_mda_count: '1' }];
		expect(parsePhysicalVolumes(JSON.stringify({ report: [{ pv }] }))).toEqual([physical[0]]);
	});
});

describe('a snapshot of LVM', () => {
	it.each<[Record<string, string>, string]>([
		[{ lv_role: 'public,snapshot,thicksnapshot' }, 'a snapshot itself'],
		[{ vg_free_count: '1' }, 'vg0 has 4 MB free: expected at least 8 MB'],
		[
			{ segtype: 'raid1', lv_layout: 'raid,raid1', seg_pe_ranges: '' },
			'linear volumes only, and a part of it is raid1',
		],
		[{ seg_pe_ranges: '/dev/gone:0-99' }, 'its physical volume /dev/gone is missing'],
	])('is not made of every volume: %j', (more, why) => {
		expect(objectionTo(volumeOf(more), physical, plainly)).toContain(why);
	});

	it('is made of volumes anywhere when they are imaged alone, and of thin ones without free room', () => {
		expect(objectionTo(volumeOf(), physical, plainly)).toBeUndefined();
		const raid = volumeOf({ segtype: 'raid1', lv_layout: 'raid,raid1', seg_pe_ranges: '' });
		expect(objectionTo(raid, physical, undefined)).toBeUndefined();
		const thin = volumeOf({ lv_layout: 'thin,sparse', segtype: 'thin', seg_pe_ranges: '', vg_free_count: '0' });
		expect(objectionTo(thin, physical, undefined)).toBeUndefined();
		expect(extentsFor([thin])?.size).toBe(0);
	});

	it('is not made for the image of a disk on which its physical volume lies encrypted', () => {
		const why = objectionTo(volumeOf(), physical, (device) => device === '/dev/sda2');
		expect(why).toBe('its physical volume /dev/sda2 lies encrypted or in an array on the disk');
		expect(objectionTo(volumeOf(), physical, (device) => device === '/dev/sdb')).toBeUndefined();
	});

	it('would bring a list of volumes back that names it, where there are several lists', () => {
		const twice = physical.map((one) => ({ ...one, metadataAreas: 2 }));
		expect(objectionTo(volumeOf(), twice, plainly)).toContain('in several places');
		expect(objectionTo(volumeOf(), twice, undefined)).toBeUndefined();
	});

	it('gets what it can need at most, or its share of what is free', () => {
		const alone = volumeOf({ vg_free_count: '1000' });
		expect(extentsFor([alone])?.get(alone)).toBe(102);
		const [small, large] = parseVolumes(
			report(
				row({ vg_free_count: '40' }),
				row({ lv_name: 'home', lv_kernel_minor: '1', vg_free_count: '40', lv_size: String(300 * extent) }),
			),
		) as [LogicalVolume, LogicalVolume];
		const shares = extentsFor([small, large])!;
		expect(shares.get(small)! + shares.get(large)!).toBeLessThanOrEqual(40);
		expect(shares.get(small)).toBeGreaterThanOrEqual(9);
		expect(shares.get(large)).toBeGreaterThanOrEqual(28);
	});

	it('is not made when its share is too small', () => {
		const both = parseVolumes(
			report(row({ vg_free_count: '3' }), row({ lv_name: 'home', lv_kernel_minor: '1', vg_free_count: '3' })),
		);
		for (const one of both) expect(objectionTo(one, physical, plainly)).toBeUndefined();
		expect(extentsFor(both)).toBeUndefined();
	});

	it('lies where the extents of its volume do', () => {
		const volume = parseVolumes(
			report(
				row({ seg_size: String(60 * extent), seg_pe_ranges: '/dev/sda2:10-69' }),
				row({ seg_start: String(60 * extent), seg_size: String(40 * extent), seg_pe_ranges: '/dev/sdb:0-39' }),
			),
		)[0]!;
		const placesOf = (device: string) =>
			device === '/dev/sdb' ? [{ disk: '/dev/sdb', start: 0 }] : [{ disk: '/dev/sda', start: 7 << 20 }];
		expect(partsOf(volume, physical, placesOf)).toEqual([
			{ disk: '/dev/sda', start: (8 << 20) + 10 * extent, length: 60 * extent, at: 0 },
			{ disk: '/dev/sdb', start: 1 << 20, length: 40 * extent, at: 60 * extent },
		]);
	});
});

describe('the name of a snapshot', () => {
	it('tells whether its process is there', () => {
		const name = snapshotName(123, 'boot/456', 2);
		const ours = volumeOf({ lv_name: name, lv_tags: 'afterimage' });
		expect(isLeftOver(ours, () => 'boot/456')).toBe(false);
		expect(isLeftOver(ours, () => 'boot/789')).toBe(true);
		expect(isLeftOver(ours, () => undefined)).toBe(true);
	});

	it('of others says nothing', () => {
		const name = snapshotName(123, 'boot/456', 2);
		for (const more of [{ lv_name: name }, { lv_name: 'afterimage_old', lv_tags: 'afterimage' }]) {
			expect(isLeftOver(volumeOf(more), () => undefined)).toBe(false);
		}
	});
});
