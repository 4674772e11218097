import { bytes, struct, u16, u32, u8 } from '../../../base/struct.ts';

/** `struct ext4_inode` as far as inodes of 128 bytes go; what is not needed to read files is left out. */
export const InodeBase = struct('ext4_inode', 128, {
	mode: u16(0x00),
	userLow: u16(0x02),
	sizeLow: u32(0x04),
	accessed: u32(0x08),
	changed: u32(0x0c),
	modified: u32(0x10),
	groupLow: u16(0x18),
	links: u16(0x1a),
	blocksLow: u32(0x1c),
	flags: u32(0x20),
	block: bytes(0x28, 60),
	generation: u32(0x64),
	attributesLow: u32(0x68),
	sizeHigh: u32(0x6c),
	blocksHigh: u16(0x74),
	attributesHigh: u16(0x76),
	userHigh: u16(0x78),
	groupHigh: u16(0x7a),
	checksumLow: u16(0x7c),
});

/** What follows in larger inodes; `extraSize` tells how many bytes of it are in use. */
export const InodeExtra = struct('ext4_inode (beyond 128 bytes)', 0x90, {
	extraSize: u16(0x80),
	checksumHigh: u16(0x82),
	changedExtra: u32(0x84),
	modifiedExtra: u32(0x88),
	accessedExtra: u32(0x8c),
});

/** Bits of `i_mode` that say what the inode is. */
export const FileType = {
	mask: 0xf000,
	pipe: 0x1000,
	characterDevice: 0x2000,
	folder: 0x4000,
	blockDevice: 0x6000,
	file: 0x8000,
	link: 0xa000,
	socket: 0xc000,
} as const;

/** Bits of `i_flags`. */
export const InodeFlag = {
	encrypt: 0x800,
	index: 0x1000,
	/** `i_blocks` counts blocks of the file system. */
	hugeFile: 0x40000,
	extents: 0x80000,
	attributeInode: 0x200000,
	inlineData: 0x1000_0000,
} as const;

/** `struct ext4_extent_header`. */
export const ExtentHeader = struct('ext4_extent_header', 12, {
	magic: u16(0x00),
	entries: u16(0x02),
	max: u16(0x04),
	depth: u16(0x06),
});

export const extentMagic = 0xf30a;

/** `struct ext4_extent`, an entry of a leaf. */
export const Extent = struct('ext4_extent', 12, {
	block: u32(0x00),
	length: u16(0x04),
	startHigh: u16(0x06),
	startLow: u32(0x08),
});

/** `struct ext4_extent_idx`, an entry of any other node. */
export const ExtentIndex = struct('ext4_extent_idx', 12, {
	block: u32(0x00),
	leafLow: u32(0x04),
	leafHigh: u16(0x08),
});

/** `struct ext4_dir_entry_2` without its name. */
export const DirectoryEntry = struct('ext4_dir_entry_2', 8, {
	inode: u32(0x00),
	length: u16(0x04),
	nameLength: u8(0x06),
	fileType: u8(0x07),
});

/** `struct ext4_dir_entry_tail`: looks like an unused entry, and holds the block's checksum. */
export const DirectoryTail = struct('ext4_dir_entry_tail', 12, {
	inode: u32(0x00),
	length: u16(0x04),
	nameLength: u8(0x06),
	fileType: u8(0x07),
	checksum: u32(0x08),
});

/** `det_reserved_ft` of a tail. */
export const tailFileType = 0xde;

/** `struct ext4_xattr_entry` without its name. */
export const AttributeEntry = struct('ext4_xattr_entry', 16, {
	nameLength: u8(0x00),
	nameIndex: u8(0x01),
	valueOffset: u16(0x02),
	valueInode: u32(0x04),
	valueSize: u32(0x08),
});

/** `struct ext4_xattr_header` of a block of attributes. */
export const AttributeBlock = struct('ext4_xattr_header', 32, {
	magic: u32(0x00),
	blocks: u32(0x08),
	checksum: u32(0x10),
});

/** `h_magic` of the attributes within an inode, and of a block of them. */
export const attributeMagic = 0xea020000;
