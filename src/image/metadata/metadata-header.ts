import { ascii, bytes, struct, u32, u64, u8 } from '../../base/struct.ts';

/** Header of a metadata block (FILE_LAYOUT.md of the published format, "METADATA BLOCK"). */
export const MetadataHeader = struct('MetadataHeader', 32, {
	/** ASCII, padded with spaces. */
	name: ascii(0x00, 8, 0x20),
	/** Length of the stored payload that follows. */
	length: u32(0x08),
	/** MD5 of the payload as stored. */
	md5: bytes(0x0c, 16),
	flags: u8(0x1c),
	reserved: bytes(0x1d, 3),
});

export const metadataFlags = { last: 0x01, compressed: 0x02, encrypted: 0x04 } as const;

/** Names of the blocks that are known; others are skipped by their length. */
export type MetadataName = '$JSON' | '$AUXDATA' | '$TRACK0' | '$EPT' | '$BITMAP' | '$INDEX';

/** The last 20 bytes of a file (FILE_LAYOUT.md, "ROOT - FOOTER"). */
export const Footer = struct('Footer', 20, {
	/** Byte of the first header of the root list. */
	rootPosition: u64(0x00),
	magic: ascii(0x08, 12),
});

export const footerMagic = 'MACRIUM_FILE';
