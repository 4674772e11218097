import { bytes, struct, u16be, u32, u32be, u64be, u8 } from '../../base/struct.ts';

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
	logRecord: 0xfeedbabe,
} as const;

/** `NULLAGBLOCK`: no sibling. */
export const noBlock = 0xffffffff;

/** Basic block: the unit of disk addresses and of the log. */
export const basicBlock = 512;

export const Superblock = struct('XFS superblock', 0x108, {
	magicnum: u32be(0x00),
	blocksize: u32be(0x04),
	dblocks: u64be(0x08),
	rblocks: u64be(0x10),
	rextents: u64be(0x18),
	uuid: bytes(0x20, 16),
	logstart: u64be(0x30),
	agblocks: u32be(0x54),
	agcount: u32be(0x58),
	logblocks: u32be(0x60),
	versionnum: u16be(0x64),
	sectsize: u16be(0x66),
	inodesize: u16be(0x68),
	fname: bytes(0x6c, 12),
	blocklog: u8(0x78),
	sectlog: u8(0x79),
	agblklog: u8(0x7c),
	inprogress: u8(0x7e),
	fdblocks: u64be(0x90),
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
	bnoLevel: u32be(0x1c),
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
