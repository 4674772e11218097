import { damaged } from '../../../base/errors.ts';
import { DirectoryEntry } from './file-structures.ts';
import type { Inode } from './inode.ts';

/** An entry of a folder as it is stored. */
export interface StoredEntry {
	readonly inode: number;
	/** A view of the block that was read. */
	readonly name: Uint8Array;
}

/** The shortest entry that can have a name. */
const shortest = DirectoryEntry.size + 4;

const { offset } = DirectoryEntry;

/** What `rec_len` stands for: an entry of 65536 bytes does not fit into its 16 bits. */
export function entryLength(stored: number, blockSize: number): number {
	if (blockSize < 0x1_0000) return stored;
	return stored === 0xffff || stored === 0 ? blockSize : stored;
}

/**
 * The entries of one block, or of a folder that lies in its inode; those without an inode, which were deleted or hide an
 * index or a checksum, are left out. The limits are those of the kernel's `__ext4_check_dir_entry`.
 * @param position byte of the volume where `bytes` begins
 * @throws AfterimageError `structure-damaged`
 */
export function parseEntries(folder: Inode, bytes: Uint8Array, position: number): StoredEntry[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const wrong = (field: keyof typeof offset, at: number, expected: string, found: string | number) => {
		const what = `ext4_dir_entry_2.${field} of folder inode ${folder.number}`;
		return damaged('structure-damaged', what, position + at + offset[field], expected, found);
	};
	const entries: StoredEntry[] = [];
	for (let at = 0; at < bytes.length;) {
		const room = bytes.length - at;
		if (room < shortest) throw wrong('inode', at, `${shortest} bytes or the end`, `${room} bytes`);
		const length = entryLength(view.getUint16(at + offset.length, true), bytes.length);
		if (length < shortest || length % 4 !== 0 || length > room)
			throw wrong('length', at, `a multiple of 4 from ${shortest} to ${room}`, length);
		const inode = view.getUint32(at + offset.inode, true);
		if (inode !== 0) {
			const nameLength = view.getUint8(at + offset.nameLength);
			if (DirectoryEntry.size + nameLength > length)
				throw wrong('nameLength', at, `at most ${length - DirectoryEntry.size}`, nameLength);
			const start = at + DirectoryEntry.size;
			entries.push({ inode, name: bytes.subarray(start, start + nameLength) });
		}
		at += length;
	}
	return entries;
}
