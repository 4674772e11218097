import { view, type Signature } from './signature.ts';

/** ZFS On-Disk Specification, section 1.2: bytes of a label, of which a device has two at its beginning and two at its end. */
const labelSize = 256 * 1024;

/** The uberblocks fill the second half of a label. */
const ring = labelSize / 2;

/** The first of the labels, as far as a device is recognised by it. */
export const zfs: Signature = { at: ring, length: ring, match: matchRing };

/** All four labels of a device of so many bytes, whole: pools are also imported by the lists in their first halves. */
export function zfsLabels(size: number): Signature[] {
	const end = Math.floor(size / labelSize) * labelSize;
	const places = [0, labelSize, end - 2 * labelSize, end - labelSize];
	return places.map((at) => ({ at, length: labelSize, match: (piece) => matchRing(piece.subarray(ring)) }));
}

/** An uberblock's magic, in either byte order. */
function matchRing(piece: Uint8Array): ReturnType<Signature['match']> {
	const fields = view(piece);
	for (let at = 0; at < piece.length; at += 1024) {
		for (const little of [true, false]) {
			const low = fields.getUint32(little ? at : at + 4, little);
			const high = fields.getUint32(little ? at + 4 : at, little);
			if (low === 0x00bab10c && high === 0) return { type: 'ZFS member', label: '', uuid: '' };
		}
	}
	return undefined;
}
