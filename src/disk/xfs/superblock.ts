import { damaged } from '../../base/errors.ts';
import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { checksumMatches } from './checksum.ts';
import { incompat } from './features.ts';
import { magic, Superblock } from './structures.ts';

export type XfsSuperblock = InstanceType<typeof Superblock>;

/** A superblock whose fields have been checked against each other. */
export interface XfsVolume {
	readonly sb: XfsSuperblock;
	/** 4 or 5; other numbers are unknown to this driver. */
	readonly version: number;
	/** The UUID that metadata blocks carry. */
	readonly metaUuid: Uint8Array;
	/** Bytes that the superblock gives the data device; may be more than the partition has. */
	readonly size: number;
	/** Blocks of an allocation group; the last may be shorter. */
	readonly groupBlocks: (group: number) => number;
}

/** Limits of the format (`xfs_format.h`): 512 bytes to 64 KiB a block, 512 bytes to 32 KiB a sector, 64 blocks to 1 TiB a group. */
const limits = { blockLog: [9, 16], sectorLog: [9, 15], minGroupBlocks: 64, maxGroupBytes: 2 ** 40 } as const;

/**
 * Reads the primary superblock.
 * @returns undefined when its magic number is not there
 * @throws AfterimageError `structure-damaged` when its checksum or sizes cannot be right
 */
export async function readSuperblock(volume: ByteSource): Promise<XfsVolume | undefined> {
	if (volume.size < Superblock.size) return undefined;
	const head = await readBytes(volume, 0, Superblock.size);
	if (new Superblock(head).magicnum !== magic.superblock) return undefined;
	const { sectsize, sectlog, versionnum } = new Superblock(head);
	check('sector size', sectlog >= limits.sectorLog[0] && sectlog <= limits.sectorLog[1], sectlog);
	check('sector size', sectsize === 2 ** sectlog && sectsize <= volume.size, sectsize);
	const sector = await readBytes(volume, 0, sectsize);
	const sb = new Superblock(sector);
	const version = versionnum & 0xf;
	if (version === 5 && !checksumMatches(sector, Superblock.offset.crc)) {
		throw damaged('structure-damaged', 'XFS superblock checksum', 0, 'a matching CRC-32C', hex(sb.crc));
	}
	check('block size', sb.blocklog >= limits.blockLog[0] && sb.blocklog <= limits.blockLog[1], sb.blocklog);
	check('block size', sb.blocksize === 2 ** sb.blocklog && sb.blocksize >= sectsize, sb.blocksize);
	const groupMax = limits.maxGroupBytes / sb.blocksize;
	check('agblocks', sb.agblocks >= limits.minGroupBlocks && sb.agblocks <= groupMax, sb.agblocks);
	check('agblklog', sb.agblklog === Math.ceil(Math.log2(sb.agblocks)), sb.agblklog);
	const size = sb.dblocks * sb.blocksize;
	check('dblocks', sb.dblocks > 0 && Number.isSafeInteger(size), sb.dblocks);
	check('agcount', sb.agcount === Math.ceil(sb.dblocks / sb.agblocks), sb.agcount);
	check('fdblocks', sb.fdblocks <= sb.dblocks, sb.fdblocks);
	const lastBlocks = sb.dblocks - (sb.agcount - 1) * sb.agblocks;
	return {
		sb,
		version,
		metaUuid: version === 5 && (sb.featuresIncompat & incompat.metaUuid) !== 0 ? sb.metaUuid : sb.uuid,
		size,
		groupBlocks: (group) => (group === sb.agcount - 1 ? lastBlocks : sb.agblocks),
	};
}

function check(field: string, holds: boolean, found: number): void {
	if (!holds) throw damaged('structure-damaged', `XFS superblock, ${field}`, 0, 'a value that fits the others', found);
}

function hex(value: number): string {
	return `0x${value.toString(16)}`;
}
