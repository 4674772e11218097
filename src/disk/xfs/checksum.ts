import { crc32c } from '../crc32c.ts';

const zeros = new Uint8Array(4);

/** Whether the CRC-32C at `crcOffset` (little-endian, counted as zero) is that of the whole of `bytes`. */
export function checksumMatches(bytes: Uint8Array, crcOffset: number): boolean {
	let crc = crc32c(0xffffffff, bytes, 0, crcOffset);
	crc = crc32c(crc, zeros);
	crc = crc32c(crc, bytes, crcOffset + 4);
	const stored = new DataView(bytes.buffer, bytes.byteOffset).getUint32(crcOffset, true);
	return (crc ^ 0xffffffff) >>> 0 === stored;
}
