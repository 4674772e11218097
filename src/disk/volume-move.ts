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
