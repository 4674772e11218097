/** An extended attribute as an inode or a leaf has it. */
export interface StoredAttribute {
	/** Of {@link attributeFlag}. */
	readonly flags: number;
	readonly name: Uint8Array;
	/** The value, or the block of the attribute fork from which on so many bytes of it lie. */
	readonly value: Uint8Array | { readonly block: number; readonly size: number };
	/** Byte of the partition where what has it begins. */
	readonly at: number;
}

/** `XFS_ATTR_…`: where the value lies, the namespace, and what is the file system's own or was never finished. */
export const attributeFlag = { local: 0x01, root: 0x02, secure: 0x04, parent: 0x08, incomplete: 0x80 } as const;
