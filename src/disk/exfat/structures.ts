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

export const entryType = { bitmap: 0x81, label: 0x83 };
