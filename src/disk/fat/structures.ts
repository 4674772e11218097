import { ascii, bytes, struct, u16, u32, u8 } from '../../base/struct.ts';

/** What every FAT boot sector begins with; Microsoft FAT specification 1.03, "Boot Sector and BPB Structure". */
export const FatBootSector = struct('FAT boot sector', 0x200, {
	jump: bytes(0x00, 3),
	oemName: ascii(0x03, 8),
	bytesPerSector: u16(0x0b),
	sectorsPerCluster: u8(0x0d),
	reservedSectors: u16(0x0e),
	fatCount: u8(0x10),
	rootEntries: u16(0x11),
	totalSectors16: u16(0x13),
	media: u8(0x15),
	sectorsPerFat16: u16(0x16),
	sectorsPerTrack: u16(0x18),
	heads: u16(0x1a),
	hiddenSectors: u32(0x1c),
	totalSectors32: u32(0x20),
	mark: u16(0x1fe),
});

/** FAT12 and FAT16 continue at 0x24; the same fields stand at 0x40 on FAT32. */
export const FatExtension = struct('FAT boot sector extension', 0x1a, {
	driveNumber: u8(0x00),
	/** Bit 0: volume dirty, bit 1: surface test wanted. Set by Windows and Linux while mounted. */
	state: u8(0x01),
	/** 0x29: serial, label and type name follow; 0x28: the serial alone. */
	signature: u8(0x02),
	serial: u32(0x03),
	label: ascii(0x07, 11),
	typeName: ascii(0x12, 8),
});

/** FAT32 continues at 0x24; same specification. */
export const Fat32Fields = struct('FAT32 boot sector fields', 0x1c, {
	sectorsPerFat: u32(0x00),
	/** Bits 0 to 3: the active FAT when bit 7 (no mirroring) is set. */
	flags: u16(0x04),
	version: u16(0x06),
	rootCluster: u32(0x08),
	infoSector: u16(0x0c),
	backupBootSector: u16(0x0e),
	reserved: bytes(0x10, 12),
});

/** Short directory entry; same specification, "FAT Directory Structure". */
export const FatDirectoryEntry = struct('FAT directory entry', 0x20, {
	name: ascii(0x00, 11),
	attributes: u8(0x0b),
	/** Windows NT: bit 3, the base of the name is in lower case; bit 4, its extension is. */
	nameCase: u8(0x0c),
	firstClusterHigh: u16(0x14),
	modifiedTime: u16(0x16),
	modifiedDate: u16(0x18),
	firstClusterLow: u16(0x1a),
	size: u32(0x1c),
});

/** A piece of a long name, 13 characters of UTF-16; same specification, "FAT Long Directory Entries". */
export const FatLongNameEntry = struct('FAT long name entry', 0x20, {
	/** Number of the piece from 1 on; bit 6 marks the last piece of the name, which is stored first. */
	order: u8(0x00),
	first: bytes(0x01, 10),
	attributes: u8(0x0b),
	type: u8(0x0c),
	checksum: u8(0x0d),
	second: bytes(0x0e, 12),
	firstCluster: u16(0x1a),
	third: bytes(0x1c, 4),
});

/** Bits of `attributes`; the long name's lie together in no other entry. */
export const fatAttribute = { volumeLabel: 0x08, folder: 0x10, longName: 0x0f, longNameMask: 0x3f };
