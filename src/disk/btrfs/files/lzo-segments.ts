import { damaged } from '../../../base/errors.ts';
import { decodeLzo1x } from './lzo1x.ts';

/** Length of the whole and of each segment: 32 bits, little-endian. */
const lengthBytes = 4;

/**
 * Decodes what Btrfs writes with LZO: the length of all (this field included), then segments, each with its length and the
 * LZO1X stream of one sector. A length never crosses the border of a sector: where less than 4 bytes are left of one, they
 * are padding, while the streams themselves go on over the border.
 * @param sectorSize the file system's
 * @param at byte offset of `source` on the volume, for messages
 * @returns how many bytes of `target` were filled
 * @throws AfterimageError `structure-damaged`
 */
export function decodeLzoSegments(source: Uint8Array, target: Uint8Array, sectorSize: number, at: number): number {
	const view = new DataView(source.buffer, source.byteOffset, source.length);
	const fault = (field: string, offset: number, expected: string, found: number) =>
		damaged('structure-damaged', `Btrfs LZO data, ${field}`, at + offset, expected, found);
	const total = source.length < lengthBytes ? 0 : view.getUint32(0, true);
	if (total < lengthBytes || total > source.length) {
		throw fault('length', 0, `${lengthBytes} to ${source.length}`, total);
	}
	let filled = 0;
	for (let from = lengthBytes; filled < target.length;) {
		const left = sectorSize - (from % sectorSize);
		if (left < lengthBytes) from += left;
		if (from + lengthBytes > total) break;
		if (filled % sectorSize !== 0) throw fault('last segment', from, 'the end', total - from);
		const length = view.getUint32(from, true);
		const start = from + lengthBytes;
		if (length === 0 || start + length > total) {
			throw fault('length of a segment', from, `1 to ${total - start}`, length);
		}
		const room = target.subarray(filled, filled + sectorSize);
		filled += decodeLzo1x(source.subarray(start, start + length), room, at + start);
		from = start + length;
	}
	return filled;
}
