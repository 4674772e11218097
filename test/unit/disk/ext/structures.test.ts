import { expect, test } from 'vitest';
import {
	AttributeBlock,
	AttributeEntry,
	DirectoryEntry,
	DirectoryTail,
	Extent,
	ExtentHeader,
	ExtentIndex,
	InodeBase,
	InodeExtra,
} from '../../../../src/disk/ext/files/file-structures.ts';
import { GroupDescriptor, GroupDescriptorHigh, MmpBlock, Superblock } from '../../../../src/disk/ext/structures.ts';

/** Offsets as Linux Documentation/filesystems/ext4 has them. */
test('offsets are those of the specification', () => {
	expect(Superblock.size).toBe(1024);
	expect(Superblock.offset).toEqual({
		inodesCount: 0x0,
		blocksCountLow: 0x4,
		freeBlocksCountLow: 0xc,
		firstDataBlock: 0x14,
		logBlockSize: 0x18,
		logClusterSize: 0x1c,
		blocksPerGroup: 0x20,
		clustersPerGroup: 0x24,
		inodesPerGroup: 0x28,
		magic: 0x38,
		state: 0x3a,
		revision: 0x4c,
		firstInode: 0x54,
		inodeSize: 0x58,
		compat: 0x5c,
		incompat: 0x60,
		roCompat: 0x64,
		uuid: 0x68,
		volumeName: 0x78,
		reservedGdtBlocks: 0xce,
		journalUuid: 0xd0,
		journalInode: 0xe0,
		lastOrphan: 0xe8,
		descriptorSize: 0xfe,
		firstMetaGroup: 0x104,
		blocksCountHigh: 0x150,
		freeBlocksCountHigh: 0x158,
		mmpBlock: 0x168,
		checksumType: 0x175,
		backupGroup0: 0x24c,
		backupGroup1: 0x250,
		checksumSeed: 0x270,
		checksum: 0x3fc,
	});
	expect(GroupDescriptor.offset).toEqual({
		blockBitmap: 0x0,
		inodeBitmap: 0x4,
		inodeTable: 0x8,
		freeClusters: 0xc,
		flags: 0x12,
		blockBitmapChecksum: 0x18,
		checksum: 0x1e,
	});
	expect(GroupDescriptorHigh.offset).toEqual({
		blockBitmap: 0x20,
		inodeBitmap: 0x24,
		inodeTable: 0x28,
		freeClusters: 0x2c,
		blockBitmapChecksum: 0x38,
	});
	expect(MmpBlock.offset).toEqual({ magic: 0x0, sequence: 0x4 });
});

test('offsets of what files are made of', () => {
	expect(InodeBase.size).toBe(128);
	expect(InodeBase.offset).toEqual({
		mode: 0x0,
		userLow: 0x2,
		sizeLow: 0x4,
		accessed: 0x8,
		changed: 0xc,
		modified: 0x10,
		groupLow: 0x18,
		links: 0x1a,
		blocksLow: 0x1c,
		flags: 0x20,
		block: 0x28,
		generation: 0x64,
		attributesLow: 0x68,
		sizeHigh: 0x6c,
		blocksHigh: 0x74,
		attributesHigh: 0x76,
		userHigh: 0x78,
		groupHigh: 0x7a,
		checksumLow: 0x7c,
	});
	expect(InodeExtra.offset).toEqual({
		extraSize: 0x80,
		checksumHigh: 0x82,
		changedExtra: 0x84,
		modifiedExtra: 0x88,
		accessedExtra: 0x8c,
	});
	expect(ExtentHeader.offset).toEqual({ magic: 0x0, entries: 0x2, max: 0x4, depth: 0x6 });
	expect(Extent.offset).toEqual({ block: 0x0, length: 0x4, startHigh: 0x6, startLow: 0x8 });
	expect(ExtentIndex.offset).toEqual({ block: 0x0, leafLow: 0x4, leafHigh: 0x8 });
	expect([ExtentHeader.size, Extent.size, ExtentIndex.size]).toEqual([12, 12, 12]);
	expect(DirectoryEntry.offset).toEqual({ inode: 0x0, length: 0x4, nameLength: 0x6, fileType: 0x7 });
	expect(DirectoryTail.offset).toEqual({ inode: 0x0, length: 0x4, nameLength: 0x6, fileType: 0x7, checksum: 0x8 });
	expect(AttributeEntry.offset).toEqual({
		nameLength: 0x0,
		nameIndex: 0x1,
		valueOffset: 0x2,
		valueInode: 0x4,
		valueSize: 0x8,
	});
	expect(AttributeBlock.offset).toEqual({ magic: 0x0, blocks: 0x8, checksum: 0x10 });
	expect([AttributeBlock.size, DirectoryEntry.size, DirectoryTail.size, AttributeEntry.size]).toEqual([32, 8, 12, 16]);
});
