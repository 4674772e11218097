import { damaged } from '../../../base/errors.ts';
import { struct, u16, u32, u64, u64big, u8 } from '../../../base/struct.ts';
import type { FileRecord } from './record.ts';
import { decodeUtf16 } from '../folders/utf16.ts';

/** Attribute type codes of NTFS (ATTRIBUTE_TYPE_CODE). */
export const attributeTypes = {
	standardInformation: 0x10,
	attributeList: 0x20,
	fileName: 0x30,
	volumeName: 0x60,
	volumeInformation: 0x70,
	data: 0x80,
	indexRoot: 0x90,
	indexAllocation: 0xa0,
	bitmap: 0xb0,
	reparsePoint: 0xc0,
	end: 0xffff_ffff,
} as const;

/** Common part of every attribute (ATTRIBUTE_RECORD_HEADER). */
const AttributeHeader = struct('NTFS attribute', 0x10, {
	type: u32(0x00),
	length: u32(0x04),
	nonResident: u8(0x08),
	nameLength: u8(0x09),
	nameOffset: u16(0x0a),
	flags: u16(0x0c),
	instance: u16(0x0e),
});

const ResidentHeader = struct('NTFS resident attribute', 0x18, {
	valueLength: u32(0x10),
	valueOffset: u16(0x14),
	indexed: u8(0x16),
});

/** The sizes are valid in the extent that begins at VCN 0 alone. */
const NonResidentHeader = struct('NTFS non-resident attribute', 0x40, {
	lowestVcn: u64(0x10),
	highestVcn: u64big(0x18),
	mappingPairsOffset: u16(0x20),
	compressionUnit: u8(0x22),
	allocatedSize: u64(0x28),
	dataSize: u64(0x30),
	initializedSize: u64(0x38),
});

/** What follows in the first extent of a stream that is compressed or sparse. */
const PackedHeader = struct('NTFS compressed attribute', 0x48, { totalAllocated: u64(0x40) });
const packedFlags = 0x80ff;

interface AttributeBase {
	readonly type: number;
	/** Empty for the unnamed one. */
	readonly name: string;
	/** 0x00ff compressed, 0x4000 encrypted, 0x8000 sparse. */
	readonly flags: number;
	readonly instance: number;
	/** Byte offset in the partition, for messages. */
	readonly at: number;
}

export interface ResidentAttribute extends AttributeBase {
	readonly resident: true;
	readonly value: Uint8Array;
}

/** One extent of a non-resident attribute: all of it, or the part that its record maps. */
export interface NonResidentAttribute extends AttributeBase {
	readonly resident: false;
	readonly lowestVcn: number;
	/** Last VCN mapped here; -1 when nothing is; undefined when the extent does not say (a stored 0). */
	readonly highestVcn: number | undefined;
	readonly mappingPairs: Uint8Array;
	/** Of a compressed stream: logarithm of the clusters that are compressed together; 0 in every extent but the first. */
	readonly compressionUnit: number;
	/** Bytes; 0 in every extent but the first. */
	readonly allocatedSize: number;
	readonly dataSize: number;
	readonly initializedSize: number;
	/** Bytes of the clusters that it has: fewer than `allocatedSize` where it is compressed or sparse. */
	readonly totalAllocated: number;
}

export type Attribute = ResidentAttribute | NonResidentAttribute;

/**
 * The attributes of one record, in order.
 * @throws AfterimageError `structure-damaged` when one leaves the record or the end marker is missing
 */
export function parseAttributes(record: FileRecord): Attribute[] {
	const { bytes } = record;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const attributes: Attribute[] = [];
	let offset = record.attributesOffset;
	for (;;) {
		const at = record.at + offset;
		if (offset + 4 > bytes.length)
			throw damaged('structure-damaged', 'FILE record, end marker', at, 'inside the record', 'none');
		if (view.getUint32(offset, true) === attributeTypes.end) return attributes;
		const header = new AttributeHeader(bytes, offset);
		const { length } = header;
		if (length < ResidentHeader.size || length % 8 !== 0 || offset + length > bytes.length)
			throw damaged(
				'structure-damaged',
				'Attribute length',
				at,
				`a multiple of 8 from ${ResidentHeader.size} to ${bytes.length - offset}`,
				length,
			);
		attributes.push(parseAttribute(bytes.subarray(offset, offset + length), at));
		offset += length;
	}
}

function parseAttribute(bytes: Uint8Array, at: number): Attribute {
	const header = new AttributeHeader(bytes);
	const name = slice(bytes, header.nameLength === 0 ? 0 : header.nameOffset, header.nameLength * 2, 'name', at);
	const base = {
		type: header.type,
		name: decodeUtf16(name),
		flags: header.flags,
		instance: header.instance,
		at,
	};
	if (header.nonResident === 0) {
		const resident = new ResidentHeader(bytes);
		const value = slice(bytes, resident.valueOffset, resident.valueLength, 'value', at);
		return { ...base, resident: true, value };
	}
	const mapped = new NonResidentHeader(bytes);
	const { lowestVcn, mappingPairsOffset } = mapped;
	if (mappingPairsOffset < NonResidentHeader.size || mappingPairsOffset >= bytes.length)
		throw damaged(
			'structure-damaged',
			'Attribute mapping pairs',
			at,
			`inside ${bytes.length} bytes`,
			mappingPairsOffset,
		);
	const first = lowestVcn === 0;
	const packed = first && (header.flags & packedFlags) !== 0 && mappingPairsOffset >= PackedHeader.size;
	const allocated = first ? mapped.allocatedSize : 0;
	return {
		...base,
		resident: false,
		lowestVcn,
		highestVcn: vcnOrNone(mapped.highestVcn, at),
		mappingPairs: bytes.subarray(mappingPairsOffset),
		compressionUnit: first ? mapped.compressionUnit : 0,
		allocatedSize: allocated,
		dataSize: first ? mapped.dataSize : 0,
		initializedSize: first ? mapped.initializedSize : 0,
		totalAllocated: packed ? new PackedHeader(bytes).totalAllocated : allocated,
	};
}

function vcnOrNone(stored: bigint, at: number): number | undefined {
	const vcn = Number(BigInt.asIntN(64, stored));
	if (vcn < -1 || !Number.isSafeInteger(vcn))
		throw damaged('structure-damaged', 'Attribute, highest VCN', at, 'less than 2^53', String(stored));
	return vcn === 0 ? undefined : vcn;
}

function slice(bytes: Uint8Array, start: number, length: number, what: string, at: number): Uint8Array {
	if (start + length > bytes.length)
		throw damaged('structure-damaged', `Attribute ${what}`, at, `inside ${bytes.length} bytes`, start + length);
	return bytes.subarray(start, start + length);
}
