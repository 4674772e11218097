import { damaged } from '../../base/errors.ts';
import { checksumMatches } from './checksum.ts';
import type { Geometry } from './geometry.ts';
import { basicBlock } from './structures.ts';

/** What a version 5 block of a file's metadata tells of itself. */
interface SelfDescription {
	readonly blkno: bigint;
	readonly owner: bigint;
	readonly uuid: Uint8Array;
}

/**
 * Checks that a version 5 block is sound, lies where it says it does, and belongs to this file of this file system: a
 * block that another file left there, or one written elsewhere, is none of its.
 * @param at byte of the partition where the block begins
 * @throws AfterimageError `structure-damaged`
 */
export function checkSelfDescription(
	what: string,
	{ volume }: Geometry,
	bytes: Uint8Array,
	crcOffset: number,
	found: SelfDescription,
	expected: { readonly at: number; readonly owner: number },
): void {
	const { at, owner } = expected;
	const fail = (field: string, wanted: string | number, value: string | number) =>
		damaged('structure-damaged', `${what}, ${field}`, at, wanted, value);
	if (!checksumMatches(bytes, crcOffset)) throw fail('checksum', 'a matching CRC-32C', 'another');
	if (found.blkno !== BigInt(at / basicBlock)) throw fail('own address', at / basicBlock, String(found.blkno));
	if (found.owner !== BigInt(owner)) throw fail('owner', owner, String(found.owner));
	if (Buffer.compare(found.uuid, volume.metaUuid) !== 0) throw fail('UUID', 'that of the superblock', 'another');
}
