/** A key on disk: object id (8 bytes), type (1), offset (8); compared in this order as unsigned numbers. */
export const keySize = 17;

/** A key to search for. */
export type Key = DataView;

/** @param objectid negative for the special ones: -10 is the unsigned number below 2^64 that ends like it */
export function makeKey(objectid: number, type: number, offset: number): Key {
	const key = new DataView(new ArrayBuffer(keySize));
	key.setBigInt64(0, BigInt(objectid), true);
	key.setUint8(8, type);
	key.setBigInt64(9, BigInt(offset), true);
	return key;
}

/** Whether the key at this place has the object id and the type of `key`, whatever its offset. */
export function isOfKind(view: DataView, at: number, key: Key): boolean {
	return (
		view.getUint32(at, true) === key.getUint32(0, true) &&
		view.getUint32(at + 4, true) === key.getUint32(4, true) &&
		view.getUint8(at + 8) === key.getUint8(8)
	);
}

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
