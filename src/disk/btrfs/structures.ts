import { bytes, struct, u16, u32, u64, u64big, u8 } from '../../base/struct.ts';

/** Btrfs on-disk format (`btrfs_tree.h` of Linux): little-endian, packed; the names are those of the specification. */
export const superblockOffset = 0x10000;
/** The copies of the superblock, where the device is long enough. */
export const superblockCopies = [0x10000, 0x400_0000, 0x40_0000_0000] as const;
export const superblockSize = 0x1000;
/** Space at the device's start that no chunk ever uses: boot loaders may. */
export const reservedSize = 0x10_0000;

/** `_BHRfS_M` */
export const superblockMagic = '_BHRfS_M';

/** The checksum that begins every superblock and tree node covers all bytes behind these. */
export const checksumSize = 0x20;

export const Superblock = struct('Btrfs superblock', superblockSize, {
	csum: bytes(0x00, checksumSize),
	fsid: bytes(0x20, 16),
	bytenr: u64(0x30),
	flags: u64(0x38),
	magic: bytes(0x40, 8),
	generation: u64(0x48),
	root: u64(0x50),
	chunkRoot: u64(0x58),
	logRoot: u64(0x60),
	totalBytes: u64(0x70),
	bytesUsed: u64(0x78),
	numDevices: u64(0x88),
	sectorsize: u32(0x90),
	nodesize: u32(0x94),
	sysChunkArraySize: u32(0xa0),
	chunkRootGeneration: u64(0xa4),
	compatRoFlags: u64(0xb4),
	incompatFlags: u64(0xbc),
	csumType: u16(0xc4),
	rootLevel: u8(0xc6),
	chunkRootLevel: u8(0xc7),
	devid: u64(0xc9),
	/** Length of this device; `totalBytes` is the sum over all devices. */
	devTotalBytes: u64(0xd1),
	devUuid: bytes(0x10b, 16),
	label: bytes(0x12b, 0x100),
	metadataUuid: bytes(0x23b, 16),
	sysChunkArray: bytes(0x32b, 0x800),
});

export const NodeHeader = struct('Btrfs tree node', 0x65, {
	csum: bytes(0x00, checksumSize),
	fsid: bytes(0x20, 16),
	bytenr: u64(0x30),
	generation: u64(0x50),
	owner: u64(0x58),
	nritems: u32(0x60),
	level: u8(0x64),
});

/** Entry of a leaf; `offset` counts from the end of the node's header. */
export const Item = struct('Btrfs item', 0x19, {
	objectid: bytes(0x00, 8),
	type: u8(0x08),
	keyOffset: bytes(0x09, 8),
	offset: u32(0x11),
	size: u32(0x15),
});

/** Entry of an inner node: the first key of the child, where it is and when it was written. */
export const KeyPointer = struct('Btrfs key pointer', 0x21, {
	objectid: bytes(0x00, 8),
	type: u8(0x08),
	keyOffset: bytes(0x09, 8),
	blockptr: u64(0x11),
	generation: u64(0x19),
});

/** Where a range of logical addresses lies; followed by `numStripes` times {@link Stripe}. */
export const Chunk = struct('Btrfs chunk', 0x30, {
	length: u64(0x00),
	owner: u64(0x08),
	stripeLen: u64(0x10),
	type: u64(0x18),
	numStripes: u16(0x2c),
	subStripes: u16(0x2e),
});

export const Stripe = struct('Btrfs stripe', 0x20, {
	devid: u64(0x00),
	offset: u64(0x08),
	devUuid: bytes(0x10, 16),
});

/** The part of a root item that leads to its tree. */
export const RootItem = struct('Btrfs root item', 0xef, {
	generation: u64(0xa0),
	bytenr: u64(0xb0),
	level: u8(0xee),
});

/** Followed by the name: where in which folder of another tree a subvolume lies. */
export const RootRef = struct('Btrfs root reference', 0x12, {
	dirid: u64(0x00),
	/** Key offset of the entry in the folder's index. */
	sequence: u64(0x08),
	nameLength: u16(0x10),
});

export const InodeItem = struct('Btrfs inode', 0xa0, {
	size: u64(0x10),
	/** Bytes that its extents take before they are compressed. */
	allocated: u64big(0x18),
	links: u32(0x28),
	uid: u32(0x2c),
	gid: u32(0x30),
	mode: u32(0x34),
	device: u64big(0x38),
	flags: u64big(0x40),
	/** Seconds since 1970, signed, and nanoseconds. */
	atimeSeconds: u64big(0x70),
	atimeNanoseconds: u32(0x78),
	ctimeSeconds: u64big(0x7c),
	ctimeNanoseconds: u32(0x84),
	mtimeSeconds: u64big(0x88),
	mtimeNanoseconds: u32(0x90),
});

/** Bits of an inode's flags. */
export const inodeFlag = { noDataChecksum: 0x1n } as const;

/** Followed by the name: where in its folder a file has it. */
export const InodeRef = struct('Btrfs inode reference', 0x0a, {
	/** Key offset of the entry in the folder's index. */
	index: u64(0x00),
	nameLength: u16(0x08),
});

/**
 * Entry of a folder, followed by its name. It begins with the key of what it leads to. Extended attributes have the same
 * form, with the value behind the name.
 */
export const DirItem = struct('Btrfs folder entry', 0x1e, {
	location: bytes(0x00, 0x11),
	dataLength: u16(0x19),
	nameLength: u16(0x1b),
	type: u8(0x1d),
});

/** What an entry of a folder says that it leads to. */
export const entryType = {
	file: 1,
	folder: 2,
	characterDevice: 3,
	blockDevice: 4,
	pipe: 5,
	socket: 6,
	link: 7,
	/** None of a folder. */
	attribute: 8,
} as const;

/** Part of a file; for an inline one its bytes follow. */
export const FileExtent = struct('Btrfs file extent', 0x15, {
	/** Bytes before they were compressed. */
	ramBytes: u64(0x08),
	compression: u8(0x10),
	encryption: u8(0x11),
	otherEncoding: u16(0x12),
	type: u8(0x14),
});

/** What follows {@link FileExtent} where the bytes lie elsewhere. */
export const FileExtentPlace = struct('Btrfs place of a file extent', 0x20, {
	/** Logical address of the whole extent as it is stored, and its length there; address 0 is a hole. */
	diskBytenr: u64(0x00),
	diskLength: u64(0x08),
	/** The part that the file has of the (decompressed) extent. */
	offset: u64(0x10),
	partLength: u64(0x18),
});

export const extentType = { inline: 0, regular: 1, preallocated: 2 } as const;

export const keyType = {
	inodeItem: 1,
	inodeRef: 12,
	inodeExtendedRef: 13,
	attribute: 24,
	dirIndex: 96,
	extentData: 108,
	extentChecksum: 128,
	rootItem: 132,
	rootBackReference: 144,
	extentItem: 168,
	metadataItem: 169,
	chunkItem: 228,
} as const;

export const objectId = {
	rootTree: 1,
	extentTree: 2,
	chunkTree: 3,
	/** The top level of all files; subvolumes and snapshots have ids from {@link objectId.firstFree} on. */
	fileTree: 5,
	checksumTree: 7,
	/** Of the items of the checksum tree. */
	dataChecksum: -10,
	/** Also the inode of the top folder of each tree of files. */
	firstFree: 256,
	firstChunk: 256,
} as const;

/** Bits of a chunk's type. */
export const blockGroup = {
	data: 0x1,
	system: 0x2,
	metadata: 0x4,
	raid0: 0x8,
	raid1: 0x10,
	dup: 0x20,
	raid10: 0x40,
	raid5: 0x80,
	raid6: 0x100,
	raid1c3: 0x200,
	raid1c4: 0x400,
} as const;
