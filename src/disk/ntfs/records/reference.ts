/** A file reference (MFT_SEGMENT_REFERENCE): the record's number and the sequence number it had when it was named. */
export interface FileReference {
	/** 48 bits. */
	readonly number: number;
	/** 16 bits; 0 means that the reference names whatever use of the record there is. */
	readonly sequence: number;
}

export function parseReference(stored: bigint): FileReference {
	return { number: Number(stored & 0xffff_ffff_ffffn), sequence: Number(stored >> 48n) };
}
