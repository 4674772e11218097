import { readBytes, type ByteSource } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import { struct, u16, u32, u64, u64big, u8 } from '../../../base/struct.ts';
import type { Attribute } from './attribute.ts';
import type { Geometry } from '../boot-sector.ts';
import { parseReference, type FileReference } from './reference.ts';
import { mapStream, StreamSource } from './stream.ts';
import { decodeUtf16 } from '../folders/utf16.ts';

/** Entry of an $ATTRIBUTE_LIST (ATTRIBUTE_LIST_ENTRY); the name follows at its offset. */
const ListEntry = struct('NTFS attribute list entry', 0x1a, {
	type: u32(0x00),
	length: u16(0x04),
	nameLength: u8(0x06),
	nameOffset: u8(0x07),
	lowestVcn: u64(0x08),
	segment: u64big(0x10),
	instance: u16(0x18),
});

/** Where an attribute, or one extent of it, stands. */
export interface AttributeLocation {
	readonly type: number;
	readonly name: string;
	readonly lowestVcn: number;
	readonly segment: FileReference;
	readonly instance: number;
}

/** Windows keeps an attribute list within 256 KiB. */
const maxListBytes = 256 * 1024;

/**
 * Value of an $ATTRIBUTE_LIST, which may itself be non-resident (then in one extent, in the base record).
 * @throws AfterimageError `structure-damaged`
 */
export async function readAttributeList(list: Attribute, volume: ByteSource, geometry: Geometry): Promise<Uint8Array> {
	if (list.resident) return list.value;
	const stream = mapStream([list], geometry);
	if (stream.dataSize > maxListBytes || stream.initializedSize !== stream.dataSize)
		throw damaged(
			'structure-damaged',
			'Attribute list, size',
			list.at,
			`at most ${maxListBytes}, all initialized`,
			`${stream.dataSize}, ${stream.initializedSize} initialized`,
		);
	return readBytes(new StreamSource(volume, geometry.clusterSize, stream), 0, stream.dataSize);
}

/**
 * @param at byte offset of the list's attribute in the partition, for messages
 * @throws AfterimageError `structure-damaged` when an entry or its name leaves the list
 */
export function parseAttributeList(list: Uint8Array, at: number): AttributeLocation[] {
	const locations: AttributeLocation[] = [];
	let offset = 0;
	while (offset < list.length) {
		const entry = new ListEntry(list, offset);
		const { length, nameOffset } = entry;
		const nameBytes = entry.nameLength * 2;
		if (length < ListEntry.size || offset + length > list.length || (nameBytes > 0 && nameOffset + nameBytes > length))
			throw damaged(
				'structure-damaged',
				`Attribute list, entry at ${offset}`,
				at,
				`${ListEntry.size} to ${list.length - offset} bytes with the name`,
				length,
			);
		const name =
			nameBytes === 0 ? '' : decodeUtf16(list.subarray(offset + nameOffset, offset + nameOffset + nameBytes));
		locations.push({
			type: entry.type,
			name,
			lowestVcn: entry.lowestVcn,
			segment: parseReference(entry.segment),
			instance: entry.instance,
		});
		offset += length;
	}
	return locations;
}
