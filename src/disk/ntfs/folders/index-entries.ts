import { damaged } from '../../../base/errors.ts';
import { struct, u16, u32, u64big, u8 } from '../../../base/struct.ts';
import { dosNamespace, parseFileName } from './file-name.ts';
import { parseReference, type FileReference } from '../records/reference.ts';

/** Header of a node's entries (INDEX_HEADER); its offsets count from itself. */
const IndexHeader = struct('NTFS index header', 0x10, {
	entriesOffset: u32(0x00),
	length: u32(0x04),
	allocated: u32(0x08),
	flags: u8(0x0c),
});

const IndexEntryHeader = struct('NTFS index entry', 0x10, {
	file: u64big(0x00),
	length: u16(0x08),
	keyLength: u16(0x0a),
	flags: u16(0x0c),
});

const entryFlags = { subnode: 0x0001, last: 0x0002 } as const;

export interface DirectoryEntry {
	readonly name: string;
	readonly file: FileReference;
	readonly parent: FileReference;
}

export interface IndexNode {
	readonly entries: readonly DirectoryEntry[];
	/** VCNs of the nodes below this one. */
	readonly children: readonly number[];
}

/**
 * The entries of one node of a directory's index; names that exist for DOS alone are left out.
 * @param node from its index header on, up to the end of the block or attribute
 * @param at byte offset of the header in the partition, for messages
 * @throws AfterimageError `structure-damaged`
 */
export function parseIndexNode(node: Uint8Array, at: number): IndexNode {
	const header = new IndexHeader(node);
	const end = header.length;
	if (end > node.length) throw damaged('structure-damaged', 'Index node, length', at, `at most ${node.length}`, end);
	const view = new DataView(node.buffer, node.byteOffset, node.length);
	const entries: DirectoryEntry[] = [];
	const children: number[] = [];
	let offset = header.entriesOffset;
	for (;;) {
		if (offset < IndexHeader.size || offset + IndexEntryHeader.size > end)
			throw damaged('structure-damaged', 'Index node, end entry', at + offset, `inside ${end} bytes`, 'none');
		const entry = new IndexEntryHeader(node, offset);
		const { length, keyLength, flags } = entry;
		const subnode = (flags & entryFlags.subnode) !== 0;
		const needed = IndexEntryHeader.size + ((flags & entryFlags.last) === 0 ? keyLength : 0) + (subnode ? 8 : 0);
		if (length < needed || length % 8 !== 0 || offset + length > end)
			throw damaged(
				'structure-damaged',
				'Index entry, length',
				at + offset,
				`a multiple of 8 from ${needed} to ${end - offset}`,
				length,
			);
		if (subnode) {
			const vcn = Number(view.getBigUint64(offset + length - 8, true));
			if (!Number.isSafeInteger(vcn))
				throw damaged('structure-damaged', 'Index entry, node below', at + offset, 'less than 2^53', vcn);
			children.push(vcn);
		}
		if ((flags & entryFlags.last) !== 0) return { entries, children };
		const keyAt = offset + IndexEntryHeader.size;
		const key = parseFileName(node.subarray(keyAt, keyAt + keyLength), at + keyAt);
		if (key.namespace !== dosNamespace)
			entries.push({ name: key.name, file: parseReference(entry.file), parent: key.parent });
		offset += length;
	}
}
