import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { checksumMatches, isKnownChecksum } from './checksum.ts';
import { incompat } from './features.ts';
import { Superblock, superblockMagic, superblockOffset, superblockSize } from './structures.ts';

export type BtrfsSuperblock = InstanceType<typeof Superblock>;

/** Smallest and largest node of a tree. */
const nodeSizes = { min: 0x1000, max: 0x10000 } as const;
/** `BTRFS_MAX_LEVEL` */
export const maxLevels = 8;

/**
 * Reads the primary superblock, the only one that Linux mounts from.
 * @returns undefined when its magic number is not there
 * @throws AfterimageError `structure-damaged` when its checksum or sizes cannot be right
 */
export async function readSuperblock(volume: ByteSource): Promise<BtrfsSuperblock | undefined> {
	if (volume.size < superblockOffset + superblockSize) return undefined;
	const block = await readBytes(volume, superblockOffset, superblockSize);
	const sb = new Superblock(block);
	if (Buffer.from(sb.magic).toString('latin1') !== superblockMagic) return undefined;
	const check = (field: string, holds: boolean, found: number) => {
		if (holds) return;
		const what = `Btrfs superblock, ${field}`;
		throw damaged('structure-damaged', what, superblockOffset, 'a value that fits the others', found);
	};
	if (isKnownChecksum(sb.csumType)) check('checksum', checksumMatches(sb.csumType, block), sb.csumType);
	check('own address', sb.bytenr === superblockOffset, sb.bytenr);
	check(
		'sector size',
		isPowerOfTwo(sb.sectorsize) && sb.sectorsize >= 0x1000 && sb.sectorsize <= 0x10000,
		sb.sectorsize,
	);
	check(
		'node size',
		isPowerOfTwo(sb.nodesize) && sb.nodesize >= nodeSizes.min && sb.nodesize <= nodeSizes.max,
		sb.nodesize,
	);
	check('node size', sb.nodesize >= sb.sectorsize, sb.nodesize);
	check('levels', sb.rootLevel < maxLevels && sb.chunkRootLevel < maxLevels, Math.max(sb.rootLevel, sb.chunkRootLevel));
	check('sys_chunk_array_size', sb.sysChunkArraySize <= sb.sysChunkArray.length, sb.sysChunkArraySize);
	check('bytes used', sb.bytesUsed <= sb.totalBytes, sb.bytesUsed);
	check('device size', sb.devTotalBytes > 0 && sb.devTotalBytes <= sb.totalBytes, sb.devTotalBytes);
	return sb;
}

/** The UUID that tree nodes carry. */
export function nodeUuid(sb: BtrfsSuperblock): Uint8Array {
	return (sb.incompatFlags & incompat.metadataUuid) !== 0 ? sb.metadataUuid : sb.fsid;
}

function isPowerOfTwo(value: number): boolean {
	return value > 0 && (value & (value - 1)) === 0;
}
