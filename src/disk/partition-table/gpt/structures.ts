import { ascii, bytes, struct, u32, u64, u64big } from '../../../base/struct.ts';

/** GPT header, UEFI 2.10, table 5.5. The rest of its sector is zero. */
export const GptHeader = struct('GPT header', 0x5c, {
	signature: ascii(0x00, 8),
	revision: u32(0x08),
	headerSize: u32(0x0c),
	headerCrc: u32(0x10),
	reserved: u32(0x14),
	myLba: u64(0x18),
	alternateLba: u64(0x20),
	firstUsableLba: u64(0x28),
	lastUsableLba: u64(0x30),
	diskGuid: bytes(0x38, 16),
	entryLba: u64(0x48),
	entryCount: u32(0x50),
	entrySize: u32(0x54),
	entriesCrc: u32(0x58),
});

/** GPT partition entry, UEFI 2.10, table 5.6. An entry may be longer than this; what follows is reserved. */
export const GptEntry = struct('GPT entry', 0x80, {
	typeGuid: bytes(0x00, 16),
	partitionGuid: bytes(0x10, 16),
	firstLba: u64(0x20),
	lastLba: u64(0x28),
	attributes: u64big(0x30),
	/** UTF-16LE, 36 code units, ended by a NUL when shorter. */
	name: bytes(0x38, 72),
});

export const gptSignature = 'EFI PART';
