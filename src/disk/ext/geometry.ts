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
 * @param volumeSize bytes
 * @throws AfterimageError `structure-damaged`
 */
export function readGeometry(superblock: Superblock, volumeSize: number): Geometry {
	const blocks = blockGeometry(superblock, volumeSize);
	const groups = groupGeometry(superblock, blocks);
	return {
		...blocks,
		...groups,
		...inodeGeometry(superblock, blocks, groups),
		...descriptorGeometry(superblock, blocks, groups),
		flexBg: (superblock.incompat & Incompat.flexBg) !== 0,
		directoryIndex: (superblock.compat & Compat.directoryIndex) !== 0,
		largeFolders: (superblock.incompat & Incompat.largeDir) !== 0,
		backups: backupGroups(superblock),
		checksums: checksumsOf(superblock),
	};
}

type Blocks = Pick<Geometry, 'blockSize' | 'clusterRatio' | 'blocks' | 'firstBlock'>;

function blockGeometry(superblock: Superblock, volumeSize: number): Blocks {
	const { logBlockSize, logClusterSize } = superblock;
	check(superblock, 'logBlockSize', logBlockSize <= 6, '0 to 6');
	const blockSize = 1024 << logBlockSize;
	const bigalloc = hasBigalloc(superblock);
	if (bigalloc) {
		const fits = logClusterSize >= logBlockSize && logClusterSize <= 20;
		check(superblock, 'logClusterSize', fits, `${logBlockSize} to 20`);
	}
	const clusterRatio = bigalloc ? 2 ** (logClusterSize - logBlockSize) : 1;
	const firstBlock = blockSize === 1024 && clusterRatio === 1 ? 1 : 0;
	check(superblock, 'firstDataBlock', superblock.firstDataBlock === firstBlock, firstBlock);

	const high = hasWideBlockNumbers(superblock) ? superblock.blocksCountHigh : 0;
	const blocks = superblock.blocksCountLow + high * 0x1_0000_0000;
	const room = Math.floor(volumeSize / blockSize);
	const fits = blocks > firstBlock && blocks <= room;
	check(superblock, 'blocksCountLow', fits, `${firstBlock + 1} to ${room}`, blocks);
	return { blockSize, clusterRatio, blocks, firstBlock };
}

type Groups = Pick<Geometry, 'blocksPerGroup' | 'groups'>;

function groupGeometry(superblock: Superblock, { blockSize, clusterRatio, blocks, firstBlock }: Blocks): Groups {
	const { blocksPerGroup } = superblock;
	const clustersPerGroup = blocksPerGroup / clusterRatio;
	check(
		superblock,
		'blocksPerGroup',
		blocksPerGroup > 0 && clustersPerGroup % 8 === 0 && clustersPerGroup <= blockSize * 8,
		`a multiple of ${8 * clusterRatio} up to ${blockSize * 8 * clusterRatio}`,
	);
	if (hasBigalloc(superblock)) {
		const agrees = superblock.clustersPerGroup === clustersPerGroup;
		check(superblock, 'clustersPerGroup', agrees, clustersPerGroup);
	}
	return { blocksPerGroup, groups: Math.ceil((blocks - firstBlock) / blocksPerGroup) };
}

type Inodes = Pick<Geometry, 'inodesPerGroup' | 'inodeSize' | 'firstInode' | 'inodeTableBlocks'>;

function inodeGeometry(superblock: Superblock, { blockSize }: Blocks, { groups }: Groups): Inodes {
	const { inodesPerGroup, inodesCount } = superblock;
	const most = blockSize * 8;
	check(superblock, 'inodesPerGroup', inodesPerGroup > 0 && inodesPerGroup <= most, `1 to ${most}`);
	check(superblock, 'inodesCount', inodesCount === groups * inodesPerGroup, groups * inodesPerGroup);
	// Revision 0 has no fields for what follows.
	const isOld = superblock.revision === 0;
	const inodeSize = isOld ? 128 : superblock.inodeSize;
	const fits = isPowerOfTwo(inodeSize) && inodeSize >= 128 && inodeSize <= blockSize;
	check(superblock, 'inodeSize', fits, `128 to ${blockSize}`, inodeSize);
	return {
		inodesPerGroup,
		inodeSize,
		firstInode: isOld ? smallestFirstInode : Math.max(smallestFirstInode, superblock.firstInode),
		inodeTableBlocks: Math.ceil((inodesPerGroup * inodeSize) / blockSize),
	};
}

type Descriptors = Pick<
	Geometry,
	'superblockBlock' | 'descriptorSize' | 'descriptorsPerBlock' | 'leadingDescriptorBlocks' | 'reservedDescriptorBlocks'
>;

function descriptorGeometry(superblock: Superblock, { blockSize, blocks }: Blocks, { groups }: Groups): Descriptors {
	const wide = hasWideBlockNumbers(superblock);
	const descriptorSize = wide ? superblock.descriptorSize : 32;
	const smallest = wide ? GroupDescriptorHigh.size : 32;
	const fits = isPowerOfTwo(descriptorSize) && descriptorSize >= smallest && descriptorSize <= 1024;
	check(superblock, 'descriptorSize', fits, `a power of two from ${smallest} to 1024`);
	const descriptorsPerBlock = blockSize / descriptorSize;
	const all = Math.ceil(groups / descriptorsPerBlock);

	const { firstMetaGroup, reservedGdtBlocks } = superblock;
	const metaBg = (superblock.incompat & Incompat.metaBg) !== 0;
	if (metaBg) check(superblock, 'firstMetaGroup', firstMetaGroup <= all, `0 to ${all}`);
	check(superblock, 'reservedGdtBlocks', reservedGdtBlocks <= blockSize / 4, `0 to ${blockSize / 4}`);
	const leadingDescriptorBlocks = metaBg ? firstMetaGroup : all;
	const superblockBlock = superblockOffset / blockSize >= 1 ? 1 : 0;
	const end = superblockBlock + 1 + leadingDescriptorBlocks;
	check(superblock, 'blocksCountLow', end <= blocks, `room for ${end} blocks of descriptors`, blocks);
	return {
		superblockBlock,
		descriptorSize,
		descriptorsPerBlock,
		leadingDescriptorBlocks,
		reservedDescriptorBlocks: reservedGdtBlocks,
	};
}

function backupGroups(superblock: Superblock): Geometry['backups'] {
	if ((superblock.compat & Compat.sparseSuper2) !== 0) return [superblock.backupGroup0, superblock.backupGroup1];
	return (superblock.roCompat & RoCompat.sparseSuper) !== 0 ? 'powers' : 'all';
}

function hasBigalloc({ roCompat }: Superblock): boolean {
	return (roCompat & RoCompat.bigalloc) !== 0;
}

function hasWideBlockNumbers({ incompat }: Superblock): boolean {
	return (incompat & Incompat.bits64) !== 0;
}

/** @param found where it is not what stands in the field alone */
function check(
	superblock: Superblock,
	field: keyof typeof Superblock.offset,
	holds: boolean,
	expected: string | number,
	found = superblock[field] as number,
): void {
	if (holds) return;
	const at = superblockOffset + Superblock.offset[field];
	throw damaged('structure-damaged', `ext4_super_block.${field}`, at, expected, found);
}

function isPowerOfTwo(value: number): boolean {
	return value > 0 && (value & (value - 1)) === 0;
}
