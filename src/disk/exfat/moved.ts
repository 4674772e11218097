import { readBytes, type ByteSource } from '../../base/bytes.ts';
import type { MovedBytes, VolumeMove } from '../volume-move.ts';
import { bootChecksum, isBootRegion, readExfatBoot, regionSectors } from './boot-sector.ts';
import { ExfatBootSector } from './structures.ts';

/**
 * The partition offset, section 3.1.4 of the specification, in both boot regions, with their checksums.
 * @returns undefined when the volume is not exFAT
 * @throws AfterimageError `structure-damaged`, `read-error`
 */
export async function movedExfat(volume: ByteSource, { from, to }: VolumeMove): Promise<MovedBytes[] | undefined> {
	const geometry = await readExfatBoot(volume);
	if (geometry === undefined) return undefined;
	const { bytesPerSector } = geometry;
	const place = to / bytesPerSector;
	if (from === to || !Number.isInteger(place)) return [];
	const length = regionSectors * bytesPerSector;
	const changes: MovedBytes[] = [];
	for (const offset of [0, length]) {
		const before = await readBytes(volume, offset, length);
		// A region whose checksum is wrong does not count, and must not begin to.
		if (!isBootRegion(before, bytesPerSector)) continue;
		const data = before.slice();
		const boot = new ExfatBootSector(data);
		if (boot.partitionOffset !== from / bytesPerSector) continue;
		boot.partitionOffset = place;
		const end = length - bytesPerSector;
		const sums = new DataView(data.buffer, end);
		const sum = bootChecksum(data.subarray(0, end));
		for (let at = 0; at < bytesPerSector; at += 4) sums.setUint32(at, sum, true);
		changes.push({ offset, before, data });
	}
	return changes;
}
