import { damaged } from '../../../base/errors.ts';
import { crc32c } from '../../crc32c.ts';
import { entryLength } from './directory-entries.ts';
import { DirectoryEntry, DirectoryTail, InodeFlag, tailFileType } from './file-structures.ts';
import type { Geometry } from '../geometry.ts';
import type { Inode } from './inode.ts';

/** Bytes of an index's entry, and of the tail behind the last possible one. */
const indexEntrySize = 8;

/** Where the entries of an index begin: behind one unused entry, or in the root behind `.`, `..` and `dx_root_info`. */
const nodeEntries = DirectoryEntry.size;
const rootEntries = 32;

const zeros = new Uint8Array(4);

/**
 * Checks the checksum of a folder's block, where the file system has them: behind the entries, or in the blocks of an
 * index (htree) behind its hidden entries.
 * @param first whether it is the folder's first block
 * @param position byte of the volume where it lies
 * @throws AfterimageError `structure-damaged`
 */
export function verifyDirectoryBlock(
	geometry: Geometry,
	inode: Inode,
	block: Uint8Array,
	first: boolean,
	position: number,
): void {
	if (geometry.checksums.kind !== 'crc32c') return;
	const view = new DataView(block.buffer, block.byteOffset, block.length);
	const indexed = geometry.directoryIndex && inode.has(InodeFlag.index);
	const hidden = entryLength(view.getUint16(DirectoryEntry.offset.length, true), block.length) === block.length;
	const entries = !indexed ? 0 : first ? rootEntries : hidden ? nodeEntries : 0;
	const { real, stored, at } =
		entries === 0 ? tailChecksums(inode, block, position) : indexChecksums(inode, block, view, position, entries);
	if (real !== stored) {
		const what = `Checksum of a block of folder inode ${inode.number}`;
		const expected = `0x${real.toString(16)}`;
		throw damaged('structure-damaged', what, position + at, expected, `0x${stored.toString(16)}`);
	}
}

interface Checksums {
	readonly real: number;
	readonly stored: number;
	/** Byte of the block where it is stored. */
	readonly at: number;
}

function tailChecksums(inode: Inode, block: Uint8Array, position: number): Checksums {
	const at = block.length - DirectoryTail.size;
	const tail = new DirectoryTail(block, at);
	const isTail =
		tail.inode === 0 && tail.length === DirectoryTail.size && tail.nameLength === 0 && tail.fileType === tailFileType;
	if (!isTail) {
		const what = `ext4_dir_entry_tail of folder inode ${inode.number}`;
		throw damaged('structure-damaged', what, position + at, 'a checksum', 'none');
	}
	const field = at + DirectoryTail.offset.checksum;
	return { real: crc32c(inode.seed, block, 0, at), stored: tail.checksum, at: field };
}

/** `ext4_dx_csum`: the entries in use, then the tail with zeros for the checksum itself. */
function indexChecksums(inode: Inode, block: Uint8Array, view: DataView, position: number, entries: number): Checksums {
	const limit = view.getUint16(entries, true);
	const count = view.getUint16(entries + 2, true);
	const most = Math.floor((block.length - entries) / indexEntrySize) - 1;
	if (limit > most || count > limit) {
		const what = `dx_countlimit of folder inode ${inode.number}`;
		throw damaged('structure-damaged', what, position + entries, `at most ${most} entries`, `${count} of ${limit}`);
	}
	const tail = entries + limit * indexEntrySize;
	const used = crc32c(inode.seed, block, 0, entries + count * indexEntrySize);
	const real = crc32c(crc32c(used, block, tail, tail + 4), zeros);
	return { real, stored: view.getUint32(tail + 4, true), at: tail + 4 };
}
