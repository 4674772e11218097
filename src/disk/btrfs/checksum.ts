import { createHash } from 'node:crypto';
import { crc32c } from '../crc32c.ts';
import { blake2b } from './blake2b.ts';
import { checksumSize } from './structures.ts';
import { xxhash64 } from './xxhash64.ts';

/** The hash of all bytes from `start` on, as it is stored. */
type Hash = (bytes: Uint8Array, start: number) => Uint8Array;

/** By `csum_type`: crc32c, xxhash64, sha256, blake2b with 32 bytes; and how many bytes each takes. */
const algorithms: readonly { readonly size: number; readonly hash: Hash }[] = [
	{
		size: 4,
		hash: (bytes, start) => {
			const crc = ~crc32c(0xffffffff, bytes, start);
			return Uint8Array.of(crc, crc >>> 8, crc >>> 16, crc >>> 24);
		},
	},
	{ size: 8, hash: (bytes, start) => xxhash64(bytes, start, bytes.length) },
	{ size: 32, hash: (bytes, start) => createHash('sha256').update(bytes.subarray(start)).digest() },
	{ size: 32, hash: (bytes, start) => blake2b(bytes, start, bytes.length, 32) },
];

/** @param type `csum_type` of the superblock */
export function isKnownChecksum(type: number): boolean {
	return type < algorithms.length;
}

/** Whether a superblock or tree node carries its own hash, that of all bytes behind the field. False for an unknown type. */
export function checksumMatches(type: number, block: Uint8Array): boolean {
	const hash = algorithms[type]?.hash(block, checksumSize);
	return hash !== undefined && hash.every((byte, i) => byte === block[i]);
}

/** Bytes that the checksum of a sector of data takes. @param type a known one */
export function dataChecksumSize(type: number): number {
	return algorithms[type]!.size;
}

/** The checksum of a sector of data. @param type a known one */
export function dataChecksum(type: number, sector: Uint8Array): Uint8Array {
	return algorithms[type]!.hash(sector, 0);
}
