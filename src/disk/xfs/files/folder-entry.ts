/** An entry of a folder, before its inode was looked at. */
export interface FolderEntry {
	/** A copy, not a view of what was read. */
	readonly name: Uint8Array;
	/** Number of the inode; one above 2^53 is not exact, and no inode can have it. */
	readonly inode: number;
}

/** Whether the name is one of the two that every folder of blocks has: itself and its parent. */
export function isDots(name: Uint8Array): boolean {
	return (name.length === 1 || name.length === 2) && name.every((byte) => byte === 0x2e);
}
