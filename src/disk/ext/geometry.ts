import { damaged } from '../../base/errors.ts';
import type { Checksums } from './checksum.ts';
import { checksumsOf } from './checksum.ts';
import { Compat, Incompat, RoCompat } from './features.ts';
import { GroupDescriptorHigh, Superblock, superblockOffset } from './structures.ts';

/** How the file system is laid out. Blocks are counted from the partition's start; sizes in bytes. */
export interface Geometry {
	readonly blockSize: number;
	/** Blocks to a bit of a block bitmap: 1 without bigalloc. */
	readonly clusterRatio: number;
	/** All blocks, those before `firstBlock` included. */
	readonly blocks: number;
	/** Where group 0 begins: 1 with blocks of 1 KiB (the superblock's), else 0. */
	readonly firstBlock: number;
	/** The block that holds the primary superblock. */
	readonly superblockBlock: number;
	readonly groups: number;
	readonly blocksPerGroup: number;
	readonly inodesPerGroup: number;
	readonly inodeSize: number;
	/** The first inode that is no system file's; the root folder's comes before it. */
	readonly firstInode: number;
	readonly inodeTableBlocks: number;
	readonly descriptorSize: number;
	readonly descriptorsPerBlock: number;
	/** Blocks of descriptors that follow the superblock and each of its backups; the rest lie in their meta groups. */
	readonly leadingDescriptorBlocks: number;
	/** Blocks kept behind those for a growing table. */
	readonly reservedDescriptorBlocks: number;
	readonly flexBg: boolean;
	/** Whether folders may be indexed (htree), which changes where the checksums of their blocks lie. */
	readonly directoryIndex: boolean;
	/** Whether sizes of folders have 64 bits (large_dir). */
	readonly largeFolders: boolean;
	/** Which groups hold backups of the superblock. */
	readonly backups: 'all' | 'powers' | readonly [number, number];
	readonly checksums: Checksums;
}

/** `EXT4_GOOD_OLD_FIRST_INO`: the inodes before it were system files' from the beginning. */
const smallestFirstInode = 11;

/**
 * Turns a superblock into a geometry that every other part may rely on: all of it lies within `volumeSize`.
 * The limits are those of the Linux kernel's `ext4_fill_super` and of e2fsprogs.
 * @throws AfterimageError `structure-damaged`
 */
export function readGeometry(superblock: Superblock, volumeSize: number): Geometry {
	const wrong = (field: keyof typeof Superblock.offset, expected: string | number, found: string | number) =>
		damaged(
			'structure-damaged',
			`ext4_super_block.${field}`,
			superblockOffset + Superblock.offset[field],
			expected,
			found,
		);
	const check = (ok: boolean, field: keyof typeof Superblock.offset, expected: string | number, found?: number) => {
		if (!ok) throw wrong(field, expected, found ?? (superblock[field] as number));
	};
	const incompat = superblock.incompat;
	const roCompat = superblock.roCompat;

	check(superblock.logBlockSize <= 6, 'logBlockSize', '0 to 6');
	const blockSize = 1024 << superblock.logBlockSize;
	const bigalloc = (roCompat & RoCompat.bigalloc) !== 0;
	if (bigalloc) {
		const range = `${superblock.logBlockSize} to 20`;
		check(
			superblock.logClusterSize >= superblock.logBlockSize && superblock.logClusterSize <= 20,
			'logClusterSize',
			range,
		);
	}
	const clusterRatio = bigalloc ? 2 ** (superblock.logClusterSize - superblock.logBlockSize) : 1;
	const firstBlock = blockSize === 1024 && clusterRatio === 1 ? 1 : 0;
	check(superblock.firstDataBlock === firstBlock, 'firstDataBlock', firstBlock);

	const wide = (incompat & Incompat.bits64) !== 0;
	const blocks = superblock.blocksCountLow + (wide ? superblock.blocksCountHigh * 0x1_0000_0000 : 0);
	const room = Math.floor(volumeSize / blockSize);
	check(blocks > firstBlock && blocks <= room, 'blocksCountLow', `${firstBlock + 1} to ${room}`, blocks);

	const blocksPerGroup = superblock.blocksPerGroup;
	const clustersPerGroup = blocksPerGroup / clusterRatio;
	check(
		blocksPerGroup > 0 && clustersPerGroup % 8 === 0 && clustersPerGroup <= blockSize * 8,
		'blocksPerGroup',
		`a multiple of ${8 * clusterRatio} up to ${blockSize * 8 * clusterRatio}`,
	);
	if (bigalloc) check(superblock.clustersPerGroup === clustersPerGroup, 'clustersPerGroup', clustersPerGroup);
	const groups = Math.ceil((blocks - firstBlock) / blocksPerGroup);

	const inodesPerGroup = superblock.inodesPerGroup;
	check(inodesPerGroup > 0 && inodesPerGroup <= blockSize * 8, 'inodesPerGroup', `1 to ${blockSize * 8}`);
	check(superblock.inodesCount === groups * inodesPerGroup, 'inodesCount', groups * inodesPerGroup);
	const inodeSize = superblock.revision === 0 ? 128 : superblock.inodeSize;
	check(
		isPowerOfTwo(inodeSize) && inodeSize >= 128 && inodeSize <= blockSize,
		'inodeSize',
		`128 to ${blockSize}`,
		inodeSize,
	);

	const descriptorSize = wide ? superblock.descriptorSize : 32;
	const smallest = wide ? GroupDescriptorHigh.size : 32;
	check(
		isPowerOfTwo(descriptorSize) && descriptorSize >= smallest && descriptorSize <= 1024,
		'descriptorSize',
		`a power of two from ${smallest} to 1024`,
	);
	const descriptorsPerBlock = blockSize / descriptorSize;
	const descriptorBlocks = Math.ceil(groups / descriptorsPerBlock);
	const metaBg = (incompat & Incompat.metaBg) !== 0;
	if (metaBg) check(superblock.firstMetaGroup <= descriptorBlocks, 'firstMetaGroup', `0 to ${descriptorBlocks}`);
	check(superblock.reservedGdtBlocks <= blockSize / 4, 'reservedGdtBlocks', `0 to ${blockSize / 4}`);
	const leadingDescriptorBlocks = metaBg ? superblock.firstMetaGroup : descriptorBlocks;
	const superblockBlock = superblockOffset / blockSize >= 1 ? 1 : 0;
	const tableEnd = superblockBlock + 1 + leadingDescriptorBlocks;
	if (tableEnd > blocks) throw wrong('blocksCountLow', `room for ${tableEnd} blocks of descriptors`, blocks);

	const sparse2 = (superblock.compat & Compat.sparseSuper2) !== 0;
	return {
		blockSize,
		clusterRatio,
		blocks,
		firstBlock,
		superblockBlock,
		groups,
		blocksPerGroup,
		inodesPerGroup,
		inodeSize,
		firstInode: superblock.revision === 0 ? smallestFirstInode : Math.max(smallestFirstInode, superblock.firstInode),
		inodeTableBlocks: Math.ceil((inodesPerGroup * inodeSize) / blockSize),
		descriptorSize,
		descriptorsPerBlock,
		leadingDescriptorBlocks,
		reservedDescriptorBlocks: superblock.reservedGdtBlocks,
		flexBg: (incompat & Incompat.flexBg) !== 0,
		directoryIndex: (superblock.compat & Compat.directoryIndex) !== 0,
		largeFolders: (incompat & Incompat.largeDir) !== 0,
		backups: sparse2
			? [superblock.backupGroup0, superblock.backupGroup1]
			: (roCompat & RoCompat.sparseSuper) !== 0
				? 'powers'
				: 'all',
		checksums: checksumsOf(superblock),
	};
}

function isPowerOfTwo(value: number): boolean {
	return value > 0 && (value & (value - 1)) === 0;
}
