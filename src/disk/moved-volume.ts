import type { ByteSource } from '../base/bytes.ts';
import { isAfterimageError } from '../base/errors.ts';
import { movedExfat } from './exfat/moved.ts';
import { movedFat } from './fat/moved.ts';
import { movedNtfs } from './ntfs/moved.ts';
import type { MovedBytes, VolumeMove } from './volume-move.ts';

/**
 * What tells a volume where on its disk it lies, for its new place: the hidden sectors of FAT and NTFS, by which their boot code
 * finds the rest of itself, and the partition offset of exFAT, each also in the backup. A field that held something else
 * than the old place stays as it is.
 * @returns nothing for other file systems, and for what is too damaged to be told
 * @throws AfterimageError `read-error`
 */
export async function movedVolume(volume: ByteSource, move: VolumeMove): Promise<MovedBytes[]> {
	for (const moved of [movedNtfs, movedExfat, movedFat]) {
		try {
			const changes = await moved(volume, move);
			if (changes !== undefined) return changes;
		} catch (error) {
			if (!isAfterimageError(error, 'structure-damaged')) throw error;
		}
	}
	return [];
}
