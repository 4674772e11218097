import { struct, u16, u32, u64, u64big } from '../../../base/struct.ts';

/** Structures of linux/fuse.h. Numbers are in the order of the machine, which is little-endian wherever this runs. */

export const InHeader = struct('fuse_in_header', 40, {
	length: u32(0x00),
	opcode: u32(0x04),
	unique: u64big(0x08),
	node: u64big(0x10),
});

export const OutHeader = struct('fuse_out_header', 16, { length: u32(0x00), error: u32(0x04), unique: u64big(0x08) });

export const InitIn = struct('fuse_init_in', 16, {
	major: u32(0x00),
	minor: u32(0x04),
	maxReadAhead: u32(0x08),
	flags: u32(0x0c),
});

export const InitOut = struct('fuse_init_out', 64, {
	major: u32(0x00),
	minor: u32(0x04),
	maxReadAhead: u32(0x08),
	flags: u32(0x0c),
	maxBackground: u16(0x10),
	congestionThreshold: u16(0x12),
	maxWrite: u32(0x14),
	timeGranularity: u32(0x18),
	maxPages: u16(0x1c),
});

const attributes = (at: number) => ({
	number: u64big(at),
	size: u64(at + 0x08),
	blocks: u64(at + 0x10),
	accessed: u64(at + 0x18),
	modified: u64(at + 0x20),
	changed: u64(at + 0x28),
	accessedNanoseconds: u32(at + 0x30),
	modifiedNanoseconds: u32(at + 0x34),
	changedNanoseconds: u32(at + 0x38),
	mode: u32(at + 0x3c),
	links: u32(at + 0x40),
	uid: u32(at + 0x44),
	gid: u32(at + 0x48),
	device: u32(at + 0x4c),
	blockSize: u32(at + 0x50),
});

/** `fuse_attr`. */
export const Attributes = struct('fuse_attr', 88, attributes(0));

/** `fuse_entry_out`, behind which the attributes lie. */
export const EntryOut = struct('fuse_entry_out', 40, {
	node: u64(0x00),
	generation: u64(0x08),
	entryValid: u64(0x10),
	attributesValid: u64(0x18),
});

/** `fuse_attr_out`, behind which the attributes lie. */
export const AttributesOut = struct('fuse_attr_out', 16, { valid: u64(0x00) });

export const ForgetIn = struct('fuse_forget_in', 8, { lookups: u64big(0x00) });
export const BatchForgetIn = struct('fuse_batch_forget_in', 8, { count: u32(0x00) });
export const ForgetOne = struct('fuse_forget_one', 16, { node: u64big(0x00), lookups: u64big(0x08) });

export const OpenIn = struct('fuse_open_in', 8, { flags: u32(0x00) });
export const OpenOut = struct('fuse_open_out', 16, { handle: u64(0x00), flags: u32(0x08) });
export const ReadIn = struct('fuse_read_in', 40, { handle: u64big(0x00), offset: u64big(0x08), size: u32(0x10) });
export const SeekIn = struct('fuse_lseek_in', 24, { handle: u64big(0x00), offset: u64big(0x08), whence: u32(0x10) });
export const SeekOut = struct('fuse_lseek_out', 8, { offset: u64(0x00) });
export const ExtendedIn = struct('fuse_getxattr_in', 8, { size: u32(0x00) });
export const ExtendedOut = struct('fuse_getxattr_out', 8, { size: u32(0x00) });
export const AccessIn = struct('fuse_access_in', 8, { mask: u32(0x00) });
export const InterruptIn = struct('fuse_interrupt_in', 8, { unique: u64big(0x00) });

export const StatOut = struct('fuse_statfs_out', 80, {
	blocks: u64(0x00),
	freeBlocks: u64(0x08),
	availableBlocks: u64(0x10),
	files: u64(0x18),
	freeFiles: u64(0x20),
	blockSize: u32(0x28),
	longestName: u32(0x2c),
	fragmentSize: u32(0x30),
});

/** `fuse_dirent`, behind which the name lies. */
export const FolderEntry = struct('fuse_dirent', 24, {
	number: u64big(0x00),
	next: u64(0x08),
	nameLength: u32(0x10),
	type: u32(0x14),
});
