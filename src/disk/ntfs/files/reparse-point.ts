import { readBytes, type ByteSource } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import { struct, u16, u32 } from '../../../base/struct.ts';
import { attributeTypes } from '../records/attribute.ts';
import type { Geometry } from '../boot-sector.ts';
import { openStream } from './data-stream.ts';
import type { NtfsFile } from '../records/mft.ts';
import { extentsOf } from '../records/stream.ts';

/** Begins the value of $REPARSE_POINT (REPARSE_DATA_BUFFER). */
const ReparseHeader = struct('NTFS reparse point', 0x08, {
	tag: u32(0x00),
	dataLength: u16(0x04),
});

/** Tags from anyone but Microsoft have a GUID behind the header. */
const microsoftTag = 0x8000_0000;
const guidBytes = 16;

/** MAXIMUM_REPARSE_DATA_BUFFER_SIZE. */
const maxReparseBytes = 16 * 1024;

export interface ReparsePoint {
	/** IO_REPARSE_TAG_*. */
	readonly tag: number;
	/** What the tag's owner keeps there. */
	readonly data: Uint8Array;
}

/**
 * The reparse point of a file or folder; undefined for those that have none.
 * @throws AfterimageError `structure-damaged`
 */
export async function readReparsePoint(
	file: NtfsFile,
	volume: ByteSource,
	geometry: Geometry,
): Promise<ReparsePoint | undefined> {
	const [attribute] = extentsOf(file.attributes, attributeTypes.reparsePoint, '');
	if (attribute === undefined) return undefined;
	const source = await openStream(file, attributeTypes.reparsePoint, '', volume, geometry);
	if (source.size > maxReparseBytes)
		throw damaged('structure-damaged', 'Reparse point, size', attribute.at, `at most ${maxReparseBytes}`, source.size);
	const value = await readBytes(source, 0, source.size);
	const { tag, dataLength } = new ReparseHeader(value);
	const start = ReparseHeader.size + ((tag & microsoftTag) === 0 ? guidBytes : 0);
	if (start + dataLength > value.length)
		throw damaged(
			'structure-damaged',
			'Reparse point, data',
			attribute.at,
			`at most ${value.length - start} bytes`,
			dataLength,
		);
	return { tag, data: value.subarray(start, start + dataLength) };
}
