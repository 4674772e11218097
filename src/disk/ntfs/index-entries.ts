import { damaged } from '../../base/errors.ts';
import { struct, u16, u32, u64, u64big, u8 } from '../../base/struct.ts';
import { parseReference, type FileReference } from './reference.ts';
import { decodeUtf16 } from './utf16.ts';

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

/** $FILE_NAME, the key of a directory's index. */
const FileNameKey = struct('NTFS file name', 0x42, {
	parent: u64big(0x00),
	dataSize: u64(0x30),
	flags: u32(0x38),
	nameLength: u8(0x40),
	namespace: u8(0x41),
});

/** A name that exists beside a longer one, for DOS. */
const dosNamespace = 2;

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

function parseFileName(bytes: Uint8Array, at: number) {
	const key = new FileNameKey(bytes);
	const end = FileNameKey.size + key.nameLength * 2;
	if (end > bytes.length) throw damaged('structure-damaged', 'File name, length', at, `at most ${bytes.length}`, end);
	return {
		name: decodeUtf16(bytes.subarray(FileNameKey.size, end)),
		namespace: key.namespace,
		parent: parseReference(key.parent),
	};
}
