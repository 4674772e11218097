import { bytes, struct, u16be, u32, u32be, u64be, u64bigbe, u8 } from '../../base/struct.ts';

/**
 * XFS Algorithms & Data Structures (3rd edition) and the headers of xfsprogs. Everything is big-endian but the
 * checksums. The names are those of the specification without their prefix (`sb_`, `agf_`, `bb_`, `h_`).
 */
export const magic = {
	/** `XFSB` */
	superblock: 0x58465342,
	/** `XAGF` */
	agf: 0x58414746,
	/** `AB3B`: free space by block number, version 5 */
	freeByBlock: 0x41423342,
	/** `ABTB`: free space by block number, version 4 */
	freeByBlock4: 0x41425442,
	/** `ABTC`: free space by the length of the extents, version 4 */
	freeByLength4: 0x41425443,
	logRecord: 0xfeedbabe,
	/** `IN` */
	inode: 0x494e,
	/** `BMA3`: extents of a file, version 5 */
	extents: 0x424d4133,
	/** `BMAP`: extents of a file, version 4 */
	extents4: 0x424d4150,
	/** `XDB3`, `XD2B`: a folder of one block */
	folderBlock: 0x58444233,
	folderBlock4: 0x58443242,
	/** `XDD3`, `XD2D`: entries of a folder of several blocks */
	folderData: 0x58444433,
	folderData4: 0x58443244,
	/** `XSLM`: a symbolic link that its inode has no room for, version 5 */
	symlink: 0x58534c4d,
	/** Nodes and leaves of the tree of attributes, version 5 and 4 */
	attributeNode: 0x3ebe,
	attributeNode4: 0xfebe,
	attributeLeaf: 0x3bee,
	attributeLeaf4: 0xfbee,
	/** `XARM`: the value of an attribute, version 5 */
	attributeValue: 0x5841524d,
} as const;

/** `NULLAGBLOCK`: no sibling. */
export const noBlock = 0xffffffff;

/** Basic block: the unit of disk addresses and of the log. */
export const basicBlock = 512;

/** Sectors that every group begins with: superblock, AGF, AGI and AGFL. */
export const headerSectors = 4;

export const Superblock = struct('XFS superblock', 0x108, {
	magicnum: u32be(0x00),
	blocksize: u32be(0x04),
	dblocks: u64be(0x08),
	rblocks: u64be(0x10),
	rextents: u64be(0x18),
	uuid: bytes(0x20, 16),
	logstart: u64be(0x30),
	rootino: u64be(0x38),
	agblocks: u32be(0x54),
	agcount: u32be(0x58),
	logblocks: u32be(0x60),
	versionnum: u16be(0x64),
	sectsize: u16be(0x66),
	inodesize: u16be(0x68),
	inopblock: u16be(0x6a),
	fname: bytes(0x6c, 12),
	blocklog: u8(0x78),
	sectlog: u8(0x79),
	inopblog: u8(0x7b),
	agblklog: u8(0x7c),
	inprogress: u8(0x7e),
	fdblocks: u64be(0x90),
	dirblklog: u8(0xc0),
	logsunit: u32be(0xc4),
	features2: u32be(0xc8),
	featuresCompat: u32be(0xd0),
	featuresRoCompat: u32be(0xd4),
	featuresIncompat: u32be(0xd8),
	featuresLogIncompat: u32be(0xdc),
	crc: u32(0xe0),
	metaUuid: bytes(0xf8, 16),
});

/** Header of the free space of an allocation group, in the group's second sector. */
export const Agf = struct('XFS AGF', 0xe0, {
	magicnum: u32be(0x00),
	versionnum: u32be(0x04),
	seqno: u32be(0x08),
	length: u32be(0x0c),
	bnoRoot: u32be(0x10),
	cntRoot: u32be(0x14),
	bnoLevel: u32be(0x1c),
	cntLevel: u32be(0x20),
	flcount: u32be(0x30),
	freeblks: u32be(0x34),
	longest: u32be(0x38),
	btreeblks: u32be(0x3c),
	uuid: bytes(0x40, 16),
	crc: u32(0xd8),
});

/** Header of a B+tree block of an allocation group; version 4 has the first 16 bytes only. */
export const BtreeBlock = struct('XFS B+tree block', 0x38, {
	magic: u32be(0x00),
	level: u16be(0x04),
	numrecs: u16be(0x06),
	leftsib: u32be(0x08),
	rightsib: u32be(0x0c),
	blkno: u64be(0x10),
	uuid: bytes(0x20, 16),
	owner: u32be(0x30),
	crc: u32(0x34),
});
export const btreeHeader4 = 0x10;

/** Core of an inode; version 4 has the fields before `crc` only, and its data fork begins there. */
export const Dinode = struct('XFS inode', 0xb0, {
	magic: u16be(0x00),
	mode: u16be(0x02),
	version: u8(0x04),
	format: u8(0x05),
	/** Names in an inode of version 1; those of later ones stand in `nlink`. */
	onlink: u16be(0x06),
	uid: u32be(0x08),
	gid: u32be(0x0c),
	nlink: u32be(0x10),
	/** Number of extents where `flags2` says so, else padding and other things. */
	bigNextents: u64be(0x18),
	/** Seconds and nanoseconds of 32 bits, or nanoseconds of 64 bits where `flags2` says so. */
	atime: u64bigbe(0x20),
	mtime: u64bigbe(0x28),
	ctime: u64bigbe(0x30),
	size: u64be(0x38),
	nblocks: u64bigbe(0x40),
	/** Where `flags2` says so, the number of extents in the attribute fork. */
	nextents: u32be(0x4c),
	anextents: u16be(0x50),
	/** Length of the data fork in units of 8 bytes; 0 when it takes all that the core leaves. */
	forkoff: u8(0x52),
	aformat: u8(0x53),
	flags: u16be(0x5a),
	crc: u32(0x64),
	flags2: u64bigbe(0x78),
	ino: u64be(0x98),
	uuid: bytes(0xa0, 16),
});
export const dinodeCore4 = 0x64;

/** Header of a B+tree block of a file's extents; version 4 has the first 24 bytes only. */
export const ExtentBlock = struct('XFS extent block', 0x48, {
	magic: u32be(0x00),
	level: u16be(0x04),
	numrecs: u16be(0x06),
	blkno: u64bigbe(0x18),
	uuid: bytes(0x28, 16),
	owner: u64bigbe(0x38),
	crc: u32(0x40),
});
export const extentHeader4 = 0x18;

/** Header of a block of a folder's entries; version 4 has its magic number and three free places, 16 bytes. */
export const FolderBlock = struct('XFS folder block', 0x40, {
	magic: u32be(0x00),
	crc: u32(0x04),
	blkno: u64bigbe(0x08),
	uuid: bytes(0x18, 16),
	owner: u64bigbe(0x28),
});
export const folderHeader4 = 0x10;

/** Header of a symbolic link's block; version 4 has none. */
export const SymlinkBlock = struct('XFS symbolic link block', 0x38, {
	magic: u32be(0x00),
	/** Place of the bytes in the target, and their number. */
	offset: u32be(0x04),
	length: u32be(0x08),
	crc: u32(0x0c),
	uuid: bytes(0x10, 16),
	owner: u64bigbe(0x20),
	blkno: u64bigbe(0x28),
});

/** What begins a block of the tree of attributes; version 4 has the first 12 bytes only. */
export const AttributeBlock = struct('XFS attribute block', 0x38, {
	/** The next block of the same level; 0 for none. */
	forw: u32be(0x00),
	magic: u16be(0x08),
	crc: u32(0x0c),
	blkno: u64bigbe(0x10),
	uuid: bytes(0x20, 16),
	owner: u64bigbe(0x30),
});
export const attributeHeader4 = 0x0c;

/** Header of a block of an attribute's value; version 4 has none. */
export const AttributeValueBlock = struct('XFS attribute value block', 0x38, {
	magic: u32be(0x00),
	/** Place of the bytes in the value, and their number. */
	offset: u32be(0x04),
	length: u32be(0x08),
	crc: u32(0x0c),
	uuid: bytes(0x10, 16),
	owner: u64bigbe(0x20),
	blkno: u64bigbe(0x28),
});

/** Header of a log record, one basic block. `size` is 0 in a version 1 log. */
export const LogRecord = struct('XFS log record', basicBlock, {
	magicno: u32be(0x00),
	cycle: u32be(0x04),
	version: u32be(0x08),
	/** Bytes of the body, a multiple of {@link basicBlock}. */
	len: u32be(0x0c),
	lsnCycle: u32be(0x10),
	lsnBlock: u32be(0x14),
	tailCycle: u32be(0x18),
	tailBlock: u32be(0x1c),
	crc: u32(0x20),
	numLogops: u32be(0x28),
	/** The words that the cycle number replaced at the start of each of the first 64 basic blocks of the body. */
	cycleData: bytes(0x2c, 256),
	fsUuid: bytes(0x130, 16),
	size: u32be(0x140),
});
