import { damaged } from '../../../base/errors.ts';
import { struct, u32, u64, u64big, u8 } from '../../../base/struct.ts';
import { parseReference, type FileReference } from '../records/reference.ts';
import { decodeUtf16 } from './utf16.ts';

/** $FILE_NAME: an attribute of a file, and the key of its entry in a directory's index. */
const FileNameKey = struct('NTFS file name', 0x42, {
	parent: u64big(0x00),
	dataSize: u64(0x30),
	flags: u32(0x38),
	nameLength: u8(0x40),
	namespace: u8(0x41),
});

/** A name that exists beside a longer one, for DOS. */
export const dosNamespace = 2;

export interface FileName {
	readonly name: string;
	readonly namespace: number;
	/** The directory that the name is in. */
	readonly parent: FileReference;
}

/**
 * @param at byte offset in the partition, for messages
 * @throws AfterimageError `structure-damaged`
 */
export function parseFileName(bytes: Uint8Array, at: number): FileName {
	const key = new FileNameKey(bytes);
	const end = FileNameKey.size + key.nameLength * 2;
	if (end > bytes.length) throw damaged('structure-damaged', 'File name, length', at, `at most ${bytes.length}`, end);
	return {
		name: decodeUtf16(bytes.subarray(FileNameKey.size, end)),
		namespace: key.namespace,
		parent: parseReference(key.parent),
	};
}
