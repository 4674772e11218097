import { createHash } from 'node:crypto';
import { crc32c } from '../crc32c.ts';
import { blake2b } from './blake2b.ts';
import { checksumSize } from './structures.ts';
import { xxhash64 } from './xxhash64.ts';

/** The hash of a superblock or tree node: of all bytes behind the field that holds it. */
type Hash = (block: Uint8Array) => Uint8Array;

/** By `csum_type`: crc32c, xxhash64, sha256, blake2b with 32 bytes. */
const hashes: readonly Hash[] = [
	(block) => {
		const crc = ~crc32c(0xffffffff, block, checksumSize);
		return Uint8Array.of(crc, crc >>> 8, crc >>> 16, crc >>> 24);
	},
	(block) => xxhash64(block, checksumSize, block.length),
	(block) => createHash('sha256').update(block.subarray(checksumSize)).digest(),
	(block) => blake2b(block, checksumSize, block.length, 32),
];

export function isKnownChecksum(type: number): boolean {
	return type < hashes.length;
}

/** Whether a superblock or tree node carries its own hash. False for an unknown type. */
export function checksumMatches(type: number, block: Uint8Array): boolean {
	const hash = hashes[type]?.(block);
	return hash !== undefined && hash.every((byte, i) => byte === block[i]);
}
