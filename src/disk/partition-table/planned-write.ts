/** Bytes for one place of a disk that is to be written. */
export interface PlannedWrite {
	/** Byte on the disk. */
	readonly offset: number;
	readonly data: Uint8Array;
}
