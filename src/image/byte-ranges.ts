/** Ranges of files, to be read one after the other; columns, not objects. Bytes. */
export interface RangeColumns {
	/** Which file each range is of. */
	readonly fileNumbers: Uint16Array;
	readonly positions: Float64Array;
	readonly lengths: Uint32Array;
}

/** Bytes that were copied or read as one, and their CRC-32. */
export interface SummedPiece {
	readonly length: number;
	readonly sum: number;
}
