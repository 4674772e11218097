import { damaged } from '../../../base/errors.ts';
import { accessListValue, hasId, objectionTo, type AclEntry } from '../../files/posix-acl.ts';

/** `EXT4_ACL_VERSION`. */
const version = 1;
const headerSize = 4;
/** Tag and permissions; an entry about a user or group has the number of that too. */
const shortSize = 4;
const fullSize = 8;

/**
 * The list of ext2 to ext4, whose entries are shorter than those of Linux, as Linux shows it.
 * @param what the list, for messages; `at` the byte of the partition where it begins
 * @throws AfterimageError `structure-damaged`
 */
export function accessList(stored: Uint8Array, what: string, at: number): Uint8Array {
	const view = new DataView(stored.buffer, stored.byteOffset, stored.length);
	const fail = (from: number, expected: string, found: string | number) =>
		damaged('structure-damaged', what, at + from, expected, found);
	if (stored.length < headerSize) throw fail(0, `at least ${headerSize} bytes`, stored.length);
	const found = view.getUint32(0, true);
	if (found !== version) throw fail(0, `version ${version}`, found);
	const entries: AclEntry[] = [];
	for (let from = headerSize; from < stored.length;) {
		const left = stored.length - from;
		const tag = left < shortSize ? 0 : view.getUint16(from, true);
		const size = hasId(tag) ? fullSize : shortSize;
		if (left < size) throw fail(from, `an entry of ${size} bytes`, left);
		const id = size === fullSize ? view.getUint32(from + shortSize, true) : 0;
		const entry = { tag, permissions: view.getUint16(from + 2, true), id };
		const wrong = objectionTo(entry);
		if (wrong !== undefined) throw fail(from, 'an entry of an access list', wrong);
		entries.push(entry);
		from += size;
	}
	return accessListValue(entries);
}
