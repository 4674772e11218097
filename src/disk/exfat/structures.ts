import { ascii, bytes, struct, u16, u32, u64, u8 } from '../../base/struct.ts';

/** exFAT boot sector; Microsoft's exFAT file system specification 1.00, section 3.1. */
export const ExfatBootSector = struct('exFAT boot sector', 0x200, {
	jump: bytes(0x00, 3),
	fileSystemName: ascii(0x03, 8),
	mustBeZero: bytes(0x0b, 53),
	partitionOffset: u64(0x40),
	/** Sectors, like all offsets and lengths down to the cluster count. */
	volumeLength: u64(0x48),
	fatOffset: u32(0x50),
	fatLength: u32(0x54),
	clusterHeapOffset: u32(0x58),
	clusterCount: u32(0x5c),
	rootCluster: u32(0x60),
	serial: u32(0x64),
	revision: u16(0x68),
	/** Bit 0 active FAT, bit 1 dirty, bit 2 media failure, bit 3 clear to zero. */
	volumeFlags: u16(0x6a),
	bytesPerSectorShift: u8(0x6c),
	sectorsPerClusterShift: u8(0x6d),
	fatCount: u8(0x6e),
	driveSelect: u8(0x6f),
	percentInUse: u8(0x70),
	reserved: bytes(0x71, 7),
	bootCode: bytes(0x78, 390),
	mark: u16(0x1fe),
});

export const directoryEntrySize = 32;

/** Allocation bitmap entry, type 0x81; section 7.1. */
export const BitmapEntry = struct('exFAT allocation bitmap entry', directoryEntrySize, {
	type: u8(0x00),
	/** Bit 0: which of two bitmaps. */
	flags: u8(0x01),
	firstCluster: u32(0x14),
	dataLength: u64(0x18),
});

/** Volume label entry, type 0x83; section 7.3. */
export const LabelEntry = struct('exFAT volume label entry', directoryEntrySize, {
	type: u8(0x00),
	/** UTF-16 code units, at most 11. */
	length: u8(0x01),
	label: bytes(0x02, 22),
});

/** File and directory entry, type 0x85, the first of a file's set; section 7.4. */
export const FileEntry = struct('exFAT file entry', directoryEntrySize, {
	type: u8(0x00),
	/** Entries of the set that follow. */
	secondaryCount: u8(0x01),
	checksum: u16(0x02),
	/** Bit 4: a folder. */
	attributes: u16(0x04),
	created: u32(0x08),
	modified: u32(0x0c),
	accessed: u32(0x10),
	created10ms: u8(0x14),
	modified10ms: u8(0x15),
	createdUtcOffset: u8(0x16),
	modifiedUtcOffset: u8(0x17),
	accessedUtcOffset: u8(0x18),
});

/** Stream extension entry, type 0xc0, the second of a file's set; section 7.6. */
export const StreamEntry = struct('exFAT stream entry', directoryEntrySize, {
	type: u8(0x00),
	/** Bit 0: clusters may be allocated, bit 1: they are neighbours and have no chain in the FAT. */
	flags: u8(0x01),
	/** UTF-16 code units. */
	nameLength: u8(0x03),
	nameHash: u16(0x04),
	/** Bytes that were written. */
	validDataLength: u64(0x08),
	firstCluster: u32(0x14),
	dataLength: u64(0x18),
});

/** File name entry, type 0xc1, with 15 code units; section 7.7. */
export const NameEntry = struct('exFAT name entry', directoryEntrySize, {
	type: u8(0x00),
	flags: u8(0x01),
	name: bytes(0x02, 30),
});

export const entryType = { bitmap: 0x81, label: 0x83, file: 0x85, stream: 0xc0, name: 0xc1 };
