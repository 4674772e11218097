import { damaged } from '../../../../base/errors.ts';
import { struct, u16be, u32be } from '../../../../base/struct.ts';
import { accessListValue, objectionTo, type AclEntry } from '../../../files/posix-acl.ts';

const Entry = struct('XFS access list entry', 12, { tag: u32be(0x00), id: u32be(0x04), permissions: u16be(0x08) });

/** Bytes of the number of entries before them. */
const headerSize = 4;

/**
 * The list of XFS, big-endian, as Linux shows it.
 * @param what the list, for messages; `at` the byte of the partition where it lies
 * @throws AfterimageError `structure-damaged`
 */
export function accessList(stored: Uint8Array, what: string, at: number): Uint8Array {
	const most = Math.floor((stored.length - headerSize) / Entry.size);
	const count = stored.length < headerSize ? 0 : new DataView(stored.buffer, stored.byteOffset).getUint32(0);
	if (most < 0 || count > most) {
		throw damaged('structure-damaged', what, at, `at most ${Math.max(0, most)} entries`, count);
	}
	const entries = Array.from({ length: count }, (_, i): AclEntry => {
		const { tag, id, permissions } = new Entry(stored, headerSize + i * Entry.size);
		return { tag, id, permissions };
	});
	for (const entry of entries) {
		const wrong = objectionTo(entry);
		if (wrong !== undefined) throw damaged('structure-damaged', what, at, 'an entry of an access list', wrong);
	}
	return accessListValue(entries);
}
