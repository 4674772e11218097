import type { ManifestDisk } from '../../../../src/image/manifest.ts';

const mebibyte = 2 ** 20;

/** Where a partition begins and how long it is, in MiB. */
export type Place = readonly [start: number, length: number];

/** A disk of an image as far as tables are planned from it. @param size bytes */
export function diskEntry(format: string, size: number, places: readonly Place[]): ManifestDisk {
	return {
		_geometry: { bytes_per_sector: 512, disk_size: size },
		_header: { disk_format: format, disk_signature: 'OLD' },
		partitions: places.map(([start, length]) => ({
			_geometry: { start: start * mebibyte, length: length * mebibyte },
		})),
	} as ManifestDisk;
}
