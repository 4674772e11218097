/** A key on disk: object id (8 bytes), type (1), offset (8); compared in this order as unsigned numbers. */
export const keySize = 17;

/** Negative, zero or positive, like the keys at these places. */
export function compareKeys(a: DataView, aAt: number, b: DataView, bAt: number): number {
	return (
		a.getUint32(aAt + 4, true) - b.getUint32(bAt + 4, true) ||
		a.getUint32(aAt, true) - b.getUint32(bAt, true) ||
		a.getUint8(aAt + 8) - b.getUint8(bAt + 8) ||
		a.getUint32(aAt + 13, true) - b.getUint32(bAt + 13, true) ||
		a.getUint32(aAt + 9, true) - b.getUint32(bAt + 9, true)
	);
}
