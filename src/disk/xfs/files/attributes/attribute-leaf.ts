import { damaged } from '../../../../base/errors.ts';
import { struct, u16be, u32be, u8 } from '../../../../base/struct.ts';
import { longestValue } from '../../../files/extended-attributes.ts';
import { AttributeBlock, attributeHeader4 } from '../../structures.ts';
import { attributeFlag, type StoredAttribute } from './stored-attribute.ts';

/** From the end of what begins every block of the tree on: number of entries, and lists of free room. */
const countsSize = 20;
/** Free bytes behind these in version 5. */
const padding5 = 4;

const Entry = struct('XFS attribute entry', 8, { hash: u32be(0x00), name: u16be(0x04), flags: u8(0x06) });
/** What lies where `Entry.name` leads: before name and value, or before the name of a value in blocks of its own. */
const Local = struct('XFS attribute with its value', 3, { valueLength: u16be(0x00), nameLength: u8(0x02) });
const Remote = struct('XFS attribute without its value', 9, {
	valueBlock: u32be(0x00),
	valueLength: u32be(0x04),
	nameLength: u8(0x08),
});

/**
 * The attributes of a leaf, whose header has been checked.
 * @param at byte of the partition where it begins
 * @throws AfterimageError `structure-damaged`
 */
export function leafAttributes(bytes: Uint8Array, version5: boolean, what: string, at: number): StoredAttribute[] {
	const fail = (field: string, expected: string, found: string | number) =>
		damaged('structure-damaged', `${what}, ${field}`, at, expected, found);
	const header = version5 ? AttributeBlock.size : attributeHeader4;
	const from = header + countsSize + (version5 ? padding5 : 0);
	const count = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint16(header);
	const most = Math.floor((bytes.length - from) / Entry.size);
	if (count > most) throw fail('number of entries', `at most ${most}`, count);
	const end = from + count * Entry.size;
	return Array.from({ length: count }, (_, i): StoredAttribute => {
		const { name: place, flags } = new Entry(bytes, from + i * Entry.size);
		const isLocal = (flags & attributeFlag.local) !== 0;
		const header = isLocal ? Local.size : Remote.size;
		if (place < end || place + header > bytes.length) {
			throw fail('place of a name', `${end} to ${bytes.length - header}`, place);
		}
		const { nameLength, valueLength } = isLocal ? new Local(bytes, place) : new Remote(bytes, place);
		const nameEnd = place + header + nameLength;
		const valueEnd = nameEnd + (isLocal ? valueLength : 0);
		if (valueEnd > bytes.length) throw fail('end of an attribute', `at most ${bytes.length}`, valueEnd);
		const name = bytes.subarray(place + header, nameEnd);
		if (isLocal) return { flags, name, value: bytes.subarray(nameEnd, valueEnd), at };
		if (valueLength > longestValue) throw fail('length of a value', `at most ${longestValue}`, valueLength);
		return { flags, name, value: { block: new Remote(bytes, place).valueBlock, size: valueLength }, at };
	});
}
