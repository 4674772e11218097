import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	parseDeviceNames,
	parseDriveLayout,
	parseGeometry,
	parseLength,
	parsePhysicalSector,
	parseSectorSize,
	parseVolumeExtents,
} from '../../../../../native/win32/devices/disk-answers.ts';
import { isAfterimageError } from '../../../../../src/base/errors.ts';
import { descriptor, extents, geometry, layout } from '../../../../windows/support/windows-disk.ts';

const damaged = expect.objectContaining({ code: 'structure-damaged' }) as unknown;

function thrownBy(run: () => unknown): unknown {
	try {
		return `no error, but ${JSON.stringify(run())}`;
	} catch (error) {
		return error;
	}
}

/** Sets 32 bits of an answer. */
function patched(bytes: Uint8Array, at: number, value: number): Uint8Array {
	const copy = new Uint8Array(bytes);
	new DataView(copy.buffer).setUint32(at, value, true);
	return copy;
}

describe('the geometry of a disk', () => {
	it('has the sector at the same place in both of its forms', () => {
		expect(parseSectorSize(geometry(1 << 30, 4096))).toBe(4096);
		expect(parseSectorSize(geometry(1 << 30, 4096).subarray(0, 24))).toBe(4096);
		expect(parseSectorSize(geometry(1 << 30, 4096).subarray(0, 23))).toBeUndefined();
		expect(parseSectorSize(geometry(1 << 30, 513))).toBeUndefined();
	});

	it('is its size and sector', () => {
		expect(parseGeometry(geometry(1 << 30, 512))).toEqual({ size: 1 << 30, sectorSize: 512 });
		expect(parseGeometry(geometry(4096 * 1000, 4096))).toEqual({ size: 4096 * 1000, sectorSize: 4096 });
	});

	it('is refused when it cannot be', () => {
		for (const sector of [0, 3, 511, 520, 131072, 0xffffffff]) {
			expect(thrownBy(() => parseGeometry(patched(geometry(1 << 30, 512), 20, sector)))).toEqual(damaged);
		}
		expect(thrownBy(() => parseGeometry(geometry(1000, 512)))).toEqual(damaged);
		expect(thrownBy(() => parseGeometry(geometry(2 ** 60, 512)))).toEqual(damaged);
		expect(thrownBy(() => parseGeometry(geometry(1 << 30, 512).subarray(0, 31)))).toEqual(damaged);
	});
});

describe('the names of a device', () => {
	const all = { vendor: 'ACME ', model: ' Disk', revision: '1.0', serial: ' SN\x01 ', removable: true };

	it('are those at their offsets, without blanks and control characters around them', () => {
		const names = { vendor: 'ACME', model: 'Disk', revision: '1.0', serial: 'SN', removable: true };
		expect(parseDeviceNames(descriptor(all))).toEqual(names);
		expect(parseDeviceNames(descriptor({}))).toEqual({
			vendor: '',
			model: '',
			revision: '',
			serial: '',
			removable: false,
		});
	});

	it('are empty where an offset points outside, or into the head', () => {
		for (const offset of [1, 35, 1000, 0xffffffff]) {
			expect(parseDeviceNames(patched(descriptor(all), 12, offset))).toMatchObject({ vendor: '', model: 'Disk' });
		}
	});

	it('end with the answer when no NUL ends them, and are no longer than anybody reads', () => {
		const cut = descriptor(all);
		expect(parseDeviceNames(cut.subarray(0, cut.length - 4))).toMatchObject({ serial: 'S' });
		expect(parseDeviceNames(descriptor({ model: 'x'.repeat(5000) })).model).toHaveLength(256);
		expect(parseDeviceNames(new Uint8Array(8)).model).toBe('');
	});
});

describe('the layout of a drive', () => {
	const size = 1 << 30;
	const two = [
		{ number: 1, start: 1 << 20, length: 1 << 20 },
		{ number: 2, start: 2 << 20, length: 5 << 20 },
	];

	it('is its partitions, without places that are no device', () => {
		const unused = { number: 0, start: 0, length: 0 };
		const extended = { number: 0, start: 8 << 20, length: 8 << 20 };
		expect(parseDriveLayout(layout([...two, unused, extended]), size)).toEqual(two);
	});

	it('is refused with more entries than the answer has, or beyond the disk', () => {
		for (const count of [3, 1000, 0x7fffffff, 0xffffffff]) {
			expect(thrownBy(() => parseDriveLayout(patched(layout(two), 4, count), size))).toEqual(damaged);
		}
		expect(thrownBy(() => parseDriveLayout(layout(two), 6 << 20))).toEqual(damaged);
		expect(thrownBy(() => parseDriveLayout(layout(two).subarray(0, 47), size))).toEqual(damaged);
	});
});

describe('the extents of a volume', () => {
	const places = [
		{ diskNumber: 0, start: 1 << 20, length: 1 << 30 },
		{ diskNumber: 3, start: 0, length: 2 ** 40 },
	];

	it('are as many as it says', () => {
		expect(parseVolumeExtents(extents(places))).toEqual(places);
		expect(parseVolumeExtents(extents([]))).toEqual([]);
	});

	it('are refused when the answer has fewer', () => {
		for (const count of [3, 0xffffffff]) {
			expect(thrownBy(() => parseVolumeExtents(patched(extents(places), 0, count)))).toEqual(damaged);
		}
	});
});

it('a physical sector is taken when it can be one', () => {
	const alignment = patched(new Uint8Array(28), 20, 4096);
	expect(parsePhysicalSector(alignment)).toBe(4096);
	expect(parsePhysicalSector(patched(alignment, 20, 0))).toBeUndefined();
	expect(parsePhysicalSector(alignment.subarray(0, 20))).toBeUndefined();
});

it('no answer, whatever its bytes, ends in anything but a result or an error of ours', () => {
	const parsers = [
		parseGeometry,
		parseDeviceNames,
		parsePhysicalSector,
		parseSectorSize,
		parseVolumeExtents,
		parseLength,
		(bytes: Uint8Array) => parseDriveLayout(bytes, 1 << 30),
	];
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...parsers), (bytes, parse) => {
			const error = thrownBy(() => (parse(bytes), undefined));
			return typeof error === 'string' || isAfterimageError(error, 'structure-damaged');
		}),
	);
});
