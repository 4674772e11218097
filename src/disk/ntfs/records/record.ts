import { damaged } from '../../../base/errors.ts';
import { ascii, struct, u16, u32, u64big } from '../../../base/struct.ts';
import { applyFixups } from './fixup.ts';
import { parseReference, type FileReference } from './reference.ts';

/** Header of a FILE record (FILE_RECORD_SEGMENT_HEADER). */
const RecordHeader = struct('FILE record', 0x30, {
	magic: ascii(0x00, 4),
	usaOffset: u16(0x04),
	usaCount: u16(0x06),
	lsn: u64big(0x08),
	sequence: u16(0x10),
	linkCount: u16(0x12),
	attributesOffset: u16(0x14),
	flags: u16(0x16),
	bytesInUse: u32(0x18),
	bytesAllocated: u32(0x1c),
	baseRecord: u64big(0x20),
	nextInstance: u16(0x28),
	recordNumber: u32(0x2c),
});

export const recordFlags = { inUse: 0x0001, directory: 0x0002 } as const;

/** A FILE record with its update sequence undone and its header checked. */
export interface FileRecord {
	readonly number: number;
	/** Byte offset in the partition. */
	readonly at: number;
	/** The record up to its bytes in use. */
	readonly bytes: Uint8Array;
	readonly sequence: number;
	readonly linkCount: number;
	readonly flags: number;
	readonly attributesOffset: number;
	/** Undefined in a base record; in an extent record the base that it belongs to. */
	readonly base: FileReference | undefined;
}

/**
 * Decodes a FILE record in place.
 * @param record its bytes as on disk, as many as one record has
 * @param number its index in the $MFT
 * @param at its byte offset in the partition
 * @throws AfterimageError `structure-damaged`
 */
export function parseRecord(record: Uint8Array, number: number, at: number): FileRecord {
	applyFixups(record, ['FILE'], at);
	const header = new RecordHeader(record);
	const { bytesInUse, bytesAllocated, attributesOffset, usaOffset } = header;
	if (bytesAllocated !== record.length)
		throw damaged('structure-damaged', 'FILE record, bytes allocated', at, record.length, bytesAllocated);
	if (bytesInUse > record.length)
		throw damaged('structure-damaged', 'FILE record, bytes in use', at, `at most ${record.length}`, bytesInUse);
	if (attributesOffset % 8 !== 0 || attributesOffset < usaOffset || attributesOffset > bytesInUse - 8)
		throw damaged(
			'structure-damaged',
			'FILE record, first attribute',
			at,
			`a multiple of 8, at most ${bytesInUse - 8}`,
			attributesOffset,
		);
	// Before NTFS 3.1 the update sequence array lay where the record number is now.
	if (usaOffset >= RecordHeader.size && header.recordNumber !== number % 0x1_0000_0000)
		throw damaged('structure-damaged', 'FILE record, its own number', at, number, header.recordNumber);
	return {
		number,
		at,
		bytes: record.subarray(0, bytesInUse),
		sequence: header.sequence,
		linkCount: header.linkCount,
		flags: header.flags,
		attributesOffset,
		base: header.baseRecord === 0n ? undefined : parseReference(header.baseRecord),
	};
}
