import type { ByteSource } from '../../base/bytes.ts';
import { AfterimageError, damaged } from '../../base/errors.ts';
import { features2, incompat, unreadableReason } from './features.ts';
import { headerSectors } from './structures.ts';
import type { XfsVolume } from './superblock.ts';

/** Bits of `sb_versionnum`: folders of the second version, names of ASCII without regard to case. */
const foldersVersion2 = 0x2000;
const asciiCaseless = 0x4000;

/** Limits of the format: bytes of an inode (512 at least in version 5), and of a folder block. */
const limits = { minInode: 256, maxInode: 2048, maxFolderBlockLog: 16 } as const;

/** What the reader of files needs to know of a volume, checked. */
export interface Geometry {
	readonly source: ByteSource;
	readonly volume: XfsVolume;
	/** Bytes of an inode, and the number of inodes in a block as a power of two. */
	readonly inodeSize: number;
	readonly inodesLog: number;
	/** Bytes; one or more blocks. */
	readonly folderBlockSize: number;
	/** Whether the entries of folders tell the kind of what they name. */
	readonly entryKinds: boolean;
	readonly caseSensitive: boolean;
}

/**
 * @throws AfterimageError `structure-damaged` for sizes that cannot be right, `not-supported` for features that are not read
 */
export function fileGeometry(source: ByteSource, volume: XfsVolume): Geometry {
	const { sb, version } = volume;
	const unreadable =
		unreadableReason(volume) ??
		(version === 4 && (sb.versionnum & foldersVersion2) === 0 ? 'XFS folders of version 1 are not read' : undefined);
	if (unreadable !== undefined) {
		throw new AfterimageError('not-supported', `The files cannot be read: ${unreadable}`, {
			advice: 'Restore the volume and open it with the system that made it.',
		});
	}
	const check = (field: string, holds: boolean, found: number) => {
		if (!holds)
			throw damaged('structure-damaged', `XFS superblock, ${field}`, 0, 'a value that fits the others', found);
	};
	const { inodesize, inopblock, inopblog } = sb;
	const smallest = version === 5 ? 2 * limits.minInode : limits.minInode;
	check('inode size', inodesize >= smallest && inodesize <= limits.maxInode, inodesize);
	check('inodes a block', inopblog < 16 && inopblock === 2 ** inopblog, inopblock);
	check('inodes a block', inodesize * inopblock === sb.blocksize, inopblock);
	check('folder block size', sb.dirblklog + sb.blocklog <= limits.maxFolderBlockLog, sb.dirblklog);
	return {
		source,
		volume,
		inodeSize: inodesize,
		inodesLog: inopblog,
		folderBlockSize: sb.blocksize * 2 ** sb.dirblklog,
		entryKinds: version === 5 ? (sb.featuresIncompat & incompat.ftype) !== 0 : (sb.features2 & features2.ftype) !== 0,
		caseSensitive: (sb.versionnum & asciiCaseless) === 0,
	};
}

/**
 * Byte of the partition where the block with this number (`xfs_fsblock_t`: group and block in it) begins.
 * @returns undefined when `count` blocks from it on do not all lie in its group behind the group's headers
 */
export function placeOfBlocks({ volume }: Geometry, number: number, count: number): number | undefined {
	const { sb, groupBlocks } = volume;
	const group = Math.floor(number / 2 ** sb.agblklog);
	const block = number % 2 ** sb.agblklog;
	if (group >= sb.agcount || block * sb.blocksize < headerSectors * sb.sectsize) return undefined;
	if (count < 1 || block + count > groupBlocks(group)) return undefined;
	return (group * sb.agblocks + block) * sb.blocksize;
}

/** Byte of the partition where the inode with this number begins; undefined when no inode can lie there. */
export function placeOfInode(geometry: Geometry, number: number): number | undefined {
	const { source, inodeSize, inodesLog } = geometry;
	const block = placeOfBlocks(geometry, Math.floor(number / 2 ** inodesLog), 1);
	if (block === undefined) return undefined;
	const place = block + (number % 2 ** inodesLog) * inodeSize;
	return place + inodeSize <= source.size ? place : undefined;
}
