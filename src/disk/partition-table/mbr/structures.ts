import { bytes, struct, u16, u32, u8 } from '../../../base/struct.ts';

/** The first 512 bytes of a disk with a master boot record; UEFI 2.10, table 5.1. Extended boot records share its shape. */
export const MasterBootRecord = struct('master boot record', 0x200, {
	bootCode: bytes(0x000, 0x1b8),
	diskSignature: u32(0x1b8),
	reserved: u16(0x1bc),
	entries: bytes(0x1be, 0x40),
	mark: u16(0x1fe),
});

/** One of the four entries at 0x1be; UEFI 2.10, table 5.2. */
export const MbrEntry = struct('MBR partition entry', 0x10, {
	/** 0x80: active. */
	status: u8(0x0),
	startHead: u8(0x1),
	/** Sector in bits 0 to 5, bits 8 and 9 of the cylinder in bits 6 and 7; the cylinder's low bits in the next byte. */
	startSector: u8(0x2),
	startCylinder: u8(0x3),
	type: u8(0x4),
	endHead: u8(0x5),
	endSector: u8(0x6),
	endCylinder: u8(0x7),
	firstLba: u32(0x8),
	sectors: u32(0xc),
});

export const mbrEntryCount = 4;
/** 0x55 0xaa as a little-endian number. */
export const bootMark = 0xaa55;
export const protectiveType = 0xee;
/** Extended partition: CHS, LBA, and the one that early Linux used. */
export const extendedTypes: ReadonlySet<number> = new Set([0x05, 0x0f, 0x85]);
