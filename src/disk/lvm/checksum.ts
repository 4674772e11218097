import { crc32 } from 'node:zlib';

/** State that the checksums of LVM begin with (`INITIAL_CRC` in lib/misc/crc.h). */
const initial = 0xf597a6cf;

/** LVM's checksum: the CRC-32 of gzip with a state of its own at the start, and without the inversions. */
export function lvmChecksum(bytes: Uint8Array): number {
	return ~crc32(bytes, ~initial >>> 0) >>> 0;
}
