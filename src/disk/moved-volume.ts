import type { ByteSource } from '../base/bytes.ts';
import { isAfterimageError } from '../base/errors.ts';
import { movedExfat } from './exfat/moved.ts';
import { movedFat } from './fat/moved.ts';
import { movedNtfs } from './ntfs/moved.ts';

/** A volume that goes to another place. */
export interface VolumeMove {
	/** Byte of its disk at which the volume began. */
	readonly from: number;
	/**
	 * Byte of its new disk at which it begins. 0 where it is in no partition, as Microsoft's FAT specification 1.03 has it
	 * (BPB_HiddSec); exFAT's, section 3.1.4, has 0 for a place that is not known.
	 */
	readonly to: number;
	/** Bytes of what takes it. */
	readonly room: number;
}

/** Bytes of a volume that have to be others at its new place. */
export interface MovedBytes {
	/** Byte of the volume. */
	readonly offset: number;
	/** What the volume has there; undefined behind its end. */
	readonly before: Uint8Array | undefined;
	/** As long as `before`. */
	readonly data: Uint8Array;
}

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
