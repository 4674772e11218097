import { bytes, struct, u16, u32, u64, u8 } from '../../base/struct.ts';

/** Where the primary superblock begins, whatever the block size (Linux Documentation/filesystems/ext4, "Super Block"). */
export const superblockOffset = 1024;

export const superblockMagic = 0xef53;

/** `struct ext4_super_block`; fields that are not needed are left out. */
export const Superblock = struct('ext4_super_block', 1024, {
	inodesCount: u32(0x00),
	blocksCountLow: u32(0x04),
	freeBlocksCountLow: u32(0x0c),
	firstDataBlock: u32(0x14),
	logBlockSize: u32(0x18),
	logClusterSize: u32(0x1c),
	blocksPerGroup: u32(0x20),
	clustersPerGroup: u32(0x24),
	inodesPerGroup: u32(0x28),
	magic: u16(0x38),
	state: u16(0x3a),
	revision: u32(0x4c),
	firstInode: u32(0x54),
	inodeSize: u16(0x58),
	compat: u32(0x5c),
	incompat: u32(0x60),
	roCompat: u32(0x64),
	uuid: bytes(0x68, 16),
	volumeName: bytes(0x78, 16),
	reservedGdtBlocks: u16(0xce),
	journalUuid: bytes(0xd0, 16),
	journalInode: u32(0xe0),
	lastOrphan: u32(0xe8),
	descriptorSize: u16(0xfe),
	firstMetaGroup: u32(0x104),
	blocksCountHigh: u32(0x150),
	freeBlocksCountHigh: u32(0x158),
	mmpBlock: u64(0x168),
	checksumType: u8(0x175),
	backupGroup0: u32(0x24c),
	backupGroup1: u32(0x250),
	checksumSeed: u32(0x270),
	checksum: u32(0x3fc),
});

export type Superblock = InstanceType<typeof Superblock>;

/** `struct ext4_group_desc` as far as descriptors of 32 bytes go. */
export const GroupDescriptor = struct('ext4_group_desc', 32, {
	blockBitmap: u32(0x00),
	inodeBitmap: u32(0x04),
	inodeTable: u32(0x08),
	freeClusters: u16(0x0c),
	flags: u16(0x12),
	blockBitmapChecksum: u16(0x18),
	checksum: u16(0x1e),
});

/** The upper halves, where the feature 64bit makes descriptors at least 64 bytes long. */
export const GroupDescriptorHigh = struct('ext4_group_desc (upper half)', 64, {
	blockBitmap: u32(0x20),
	inodeBitmap: u32(0x24),
	inodeTable: u32(0x28),
	freeClusters: u16(0x2c),
	blockBitmapChecksum: u16(0x38),
});

/** `bg_flags`: the group's block bitmap was never written. Only valid with group descriptor checksums. */
export const blockUninitialised = 0x2;

/** `struct mmp_struct` (multi-mount protection). */
export const MmpBlock = struct('mmp_struct', 1024, { magic: u32(0x00), sequence: u32(0x04) });

export const mmpMagic = 0x004d4d50;

/** `mmp_seq` of a file system that nobody has mounted or checks. */
export const mmpClean = 0xff4d4d50;

/** Bits of `s_state`. */
export const State = { valid: 0x1, error: 0x2, orphans: 0x4, fastCommitReplay: 0x20 } as const;
