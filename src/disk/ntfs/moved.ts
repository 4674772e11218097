import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { movedHidden } from '../hidden-sectors.ts';
import type { MovedBytes, VolumeMove } from '../volume-move.ts';
import { BootSector, parseBootSector } from './boot-sector.ts';

/**
 * Hidden sectors of the boot sector and of its backup, the sector behind the volume's last. Windows and Linux look for the backup
 * in the last sector of the partition: a larger one gets a copy there.
 * @returns undefined when the volume is not NTFS
 * @throws AfterimageError `structure-damaged`, `read-error`
 */
export async function movedNtfs(volume: ByteSource, move: VolumeMove): Promise<MovedBytes[] | undefined> {
	if (volume.size < BootSector.size) return undefined;
	const geometry = parseBootSector(await readBytes(volume, 0, BootSector.size), volume.size);
	if (geometry === undefined) return undefined;
	const { bytesPerSector, volumeSize } = geometry;
	const lastOf = (size: number) => Math.floor(size / bytesPerSector - 1) * bytesPerSector;
	const changes: MovedBytes[] = [];
	const boot = await readBytes(volume, 0, bytesPerSector);
	for (const offset of new Set([0, volumeSize, lastOf(volume.size)])) {
		if (offset + bytesPerSector > volume.size) continue;
		const before = await readBytes(volume, offset, bytesPerSector);
		const isBoot = offset === 0 || String.fromCharCode(...new BootSector(before).oemId) === 'NTFS    ';
		const data = isBoot ? withMoved(before, move, bytesPerSector) : undefined;
		if (data !== undefined) changes.push({ offset, before, data });
	}
	const offset = lastOf(move.room);
	if (offset < volume.size) return changes;
	return [...changes, { offset, before: undefined, data: withMoved(boot, move, bytesPerSector) ?? boot }];
}

/** Undefined when the field held something else than the old place. */
function withMoved(sector: Uint8Array, { from, to }: VolumeMove, bytesPerSector: number): Uint8Array | undefined {
	const data = sector.slice();
	const boot = new BootSector(data);
	const moved = movedHidden(boot.hiddenSectors, from, to, bytesPerSector);
	if (moved === undefined) return undefined;
	boot.hiddenSectors = moved;
	return data;
}
