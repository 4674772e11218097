import { damaged } from '../../../base/errors.ts';
import { longestValue } from '../../files/extended-attributes.ts';
import { AttributeEntry } from './file-structures.ts';

/** An attribute as an inode or a block of attributes has it. */
export interface StoredAttribute {
	/** Stands for the namespace. */
	readonly nameIndex: number;
	readonly name: Uint8Array;
	/** The value, or the inode that holds so many bytes of it. */
	readonly value: Uint8Array | { readonly inode: number; readonly size: number };
	/** Byte of the volume where the entry lies. */
	readonly at: number;
}

/** Entries and values begin at multiples of this; a zero of as many bytes ends the entries. */
const alignment = 4;

/**
 * @param bytes what holds entries and values
 * @param first where the first entry begins in it
 * @param base what the offsets of values count from
 * @param of whose they are, for messages: `inode 12`
 * @param position byte of the volume where `bytes` lie
 * @throws AfterimageError `structure-damaged`
 */
export function attributeEntries(
	bytes: Uint8Array,
	first: number,
	base: number,
	of: string,
	position: number,
): StoredAttribute[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const fail = (what: string, at: number, expected: string, found: string | number) =>
		damaged('structure-damaged', `${what} of an attribute of ${of}`, position + at, expected, found);
	const places: { entry: InstanceType<typeof AttributeEntry>; at: number; name: Uint8Array }[] = [];
	let at = first;
	for (;;) {
		if (at + alignment > bytes.length) throw fail('Place', at, 'an end of the entries', 'none');
		if (view.getUint32(at, true) === 0) break;
		if (at + AttributeEntry.size > bytes.length)
			throw fail('Place', at, `${AttributeEntry.size} bytes`, bytes.length - at);
		const entry = new AttributeEntry(bytes, at);
		const nameEnd = at + AttributeEntry.size + entry.nameLength;
		if (nameEnd > bytes.length) throw fail('Name', at, `up to byte ${bytes.length}`, nameEnd);
		places.push({ entry, at, name: bytes.subarray(at + AttributeEntry.size, nameEnd) });
		at = Math.ceil(nameEnd / alignment) * alignment;
	}
	const valuesFrom = at + alignment;
	return places.map(({ entry, at: place, name }) => {
		const { nameIndex, valueSize, valueInode, valueOffset } = entry;
		if (valueSize > longestValue) throw fail('Size', place, `at most ${longestValue}`, valueSize);
		const common = { nameIndex, name, at: position + place };
		if (valueInode !== 0) return { ...common, value: { inode: valueInode, size: valueSize } };
		const start = base + valueOffset;
		if (valueSize > 0 && (start < valuesFrom || start + valueSize > bytes.length)) {
			const expected = `bytes ${valuesFrom} to ${bytes.length}`;
			throw fail('Value', place, expected, `${start} to ${start + valueSize}`);
		}
		return { ...common, value: valueSize === 0 ? new Uint8Array(0) : bytes.subarray(start, start + valueSize) };
	});
}
