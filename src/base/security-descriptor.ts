import { damaged } from './errors.ts';
import { struct, u16, u16be, u32, u32be, u8 } from './struct.ts';

/** Who owns a thing of Windows and who may do what with it: [MS-DTYP] 2.4.6 in its self-relative form. */
export interface SecurityDescriptor {
	/** `S-1-5-…`; empty when it says none. */
	readonly owner: string;
	/** Undefined where there is no list: everybody may do everything then. */
	readonly entries: readonly AccessEntry[] | undefined;
	/** The list inherits nothing from the folder above. */
	readonly protected: boolean;
}

/** An access control entry ([MS-DTYP] 2.4.4). */
export interface AccessEntry {
	/** `other`: of a kind that is not known here, of which nothing else is read. */
	readonly kind: 'allow' | 'deny' | 'other';
	/** Handed on to what is made below, and of no effect on the thing itself. */
	readonly inheritOnly: boolean;
	/** ACCESS_MASK, unsigned. */
	readonly mask: number;
	/** `S-1-5-…`; empty for an entry of another kind. */
	readonly sid: string;
}

const Head = struct('SECURITY_DESCRIPTOR', 0x14, {
	revision: u8(0x00),
	control: u16(0x02),
	ownerOffset: u32(0x04),
	daclOffset: u32(0x10),
});
const List = struct('ACL', 0x08, { revision: u8(0x00), size: u16(0x02), count: u16(0x04) });
const Entry = struct('ACE', 0x08, { type: u8(0x00), flags: u8(0x01), size: u16(0x02), mask: u32(0x04) });
const Sid = struct('SID', 0x08, {
	revision: u8(0x00),
	subAuthorityCount: u8(0x01),
	authorityHigh: u16be(0x02),
	authorityLow: u32be(0x04),
});

const SE_DACL_PRESENT = 0x0004;
const SE_DACL_PROTECTED = 0x1000;
const INHERIT_ONLY_ACE = 0x08;
const mostSubAuthorities = 15;

/** Types of entries whose SID follows the mask, and those with up to two GUIDs between ([MS-DTYP] 2.4.4.1). */
const allowing = new Set([0x00, 0x09]);
const denying = new Set([0x01, 0x0a]);
const allowingObject = new Set([0x05, 0x0b]);
const denyingObject = new Set([0x06, 0x0c]);

/** @throws AfterimageError `structure-damaged` */
export function parseSecurityDescriptor(bytes: Uint8Array): SecurityDescriptor {
	const { revision, control, ownerOffset, daclOffset } = new Head(bytes);
	if (revision !== 1) throw damaged('structure-damaged', 'SECURITY_DESCRIPTOR.Revision', 0, 1, revision);
	return {
		owner: ownerOffset === 0 ? '' : sidText(bytes, ownerOffset, bytes.length),
		entries: (control & SE_DACL_PRESENT) === 0 || daclOffset === 0 ? undefined : entriesOf(bytes, daclOffset),
		protected: (control & SE_DACL_PROTECTED) !== 0,
	};
}

function entriesOf(bytes: Uint8Array, at: number): AccessEntry[] {
	const { size, count } = new List(bytes, at);
	const end = at + size;
	if (end > bytes.length) throw damaged('structure-damaged', 'ACL.AclSize', at, `at most ${bytes.length - at}`, size);
	const entries: AccessEntry[] = [];
	for (let i = 0, next = at + List.size; i < count; i++) {
		if (next + Entry.size > end) {
			throw damaged('structure-damaged', 'ACL.AceCount', at, `room for entry ${i}`, `${end - next} bytes`);
		}
		const entry = new Entry(bytes, next);
		if (entry.size < Entry.size || next + entry.size > end) {
			throw damaged('structure-damaged', 'ACE.AceSize', next, `${Entry.size} to ${end - next}`, entry.size);
		}
		entries.push(entryAt(bytes, next, entry));
		next += entry.size;
	}
	return entries;
}

function entryAt(
	bytes: Uint8Array,
	at: number,
	{ type, flags, size, mask }: { type: number; flags: number; size: number; mask: number },
): AccessEntry {
	const inheritOnly = (flags & INHERIT_ONLY_ACE) !== 0;
	const isObject = allowingObject.has(type) || denyingObject.has(type);
	if (!isObject && !allowing.has(type) && !denying.has(type)) return { kind: 'other', inheritOnly, mask, sid: '' };
	const kind = allowing.has(type) || allowingObject.has(type) ? 'allow' : 'deny';
	const sidAt = at + Entry.size + (isObject ? objectBytes(bytes, at, size) : 0);
	return { kind, inheritOnly, mask, sid: sidText(bytes, sidAt, at + size) };
}

/** Bytes between mask and SID: flags that say which of two GUIDs are there. */
function objectBytes(bytes: Uint8Array, at: number, size: number): number {
	if (size < Entry.size + 4) throw damaged('structure-damaged', 'Object ACE, size', at, Entry.size + 4, size);
	const present = bytes[at + Entry.size]! & 3;
	return 4 + ((present & 1) !== 0 ? 16 : 0) + ((present & 2) !== 0 ? 16 : 0);
}

/** The SID at a byte as text ([MS-DTYP] 2.4.2.1). @param end where it must have ended @throws AfterimageError `structure-damaged` */
export function sidText(bytes: Uint8Array, at: number, end: number): string {
	if (at < 0 || at + Sid.size > Math.min(end, bytes.length))
		throw damaged('structure-damaged', 'SID', at, `within ${end} bytes`, at);
	const { revision, subAuthorityCount, authorityHigh, authorityLow } = new Sid(bytes, at);
	if (revision !== 1) throw damaged('structure-damaged', 'SID.Revision', at, 1, revision);
	const length = Sid.size + 4 * subAuthorityCount;
	if (subAuthorityCount > mostSubAuthorities || at + length > Math.min(end, bytes.length)) {
		throw damaged('structure-damaged', 'SID.SubAuthorityCount', at, `what fits ${end - at} bytes`, subAuthorityCount);
	}
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const authority = authorityHigh * 2 ** 32 + authorityLow;
	const parts = Array.from({ length: subAuthorityCount }, (_, i) => view.getUint32(at + Sid.size + 4 * i, true));
	return ['S', 1, authority, ...parts].join('-');
}
