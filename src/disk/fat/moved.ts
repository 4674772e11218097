import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { movedHidden } from '../hidden-sectors.ts';
import type { MovedBytes, VolumeMove } from '../volume-move.ts';
import { parseFatBootSector } from './boot-sector.ts';
import { Fat32Fields, FatBootSector } from './structures.ts';

/**
 * Hidden sectors of the boot sector, and of the backup that FAT32 names in it.
 * @returns undefined when the volume is not FAT
 * @throws AfterimageError `structure-damaged`, `read-error`
 */
export async function movedFat(volume: ByteSource, { from, to }: VolumeMove): Promise<MovedBytes[] | undefined> {
	if (volume.size < FatBootSector.size) return undefined;
	const first = await readBytes(volume, 0, FatBootSector.size);
	const geometry = parseFatBootSector(first, volume.size);
	if (geometry === undefined) return undefined;
	const { type, bytesPerSector, fatOffset } = geometry;
	const backup = type === 'FAT32' ? new Fat32Fields(first, 0x24).backupBootSector * bytesPerSector : 0;
	const changes: MovedBytes[] = [];
	for (const offset of new Set([0, backup])) {
		if (offset + bytesPerSector > fatOffset) continue;
		const before = await readBytes(volume, offset, bytesPerSector);
		const data = before.slice();
		const boot = new FatBootSector(data);
		const moved = movedHidden(boot.hiddenSectors, from, to, bytesPerSector);
		if (boot.mark !== 0xaa55 || moved === undefined) continue;
		boot.hiddenSectors = moved;
		changes.push({ offset, before, data });
	}
	return changes;
}
