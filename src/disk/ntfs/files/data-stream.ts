import { MemoryBytes, type ByteSource } from '../../../base/bytes.ts';
import { AfterimageError, damaged } from '../../../base/errors.ts';
import type { FileBytes } from '../../files.ts';
import type { Attribute, NonResidentAttribute } from '../records/attribute.ts';
import type { Geometry } from '../boot-sector.ts';
import { CompressedStream } from './compressed-stream.ts';
import type { NtfsFile } from '../records/mft.ts';
import { extentsOf, mapStream, StreamSource } from '../records/stream.ts';

/** Bits of an attribute's flags. The other bit, sparse, says nothing that the runs do not say. */
export const streamFlags = { compression: 0x00ff, encrypted: 0x4000 } as const;

/** The one way of compressing that NTFS has (LZNT1). */
const lznt1 = 1;

/**
 * Bytes of the stream `type`/`name`, decompressed, wherever they lie; none where the file has no such stream.
 * @throws AfterimageError `structure-damaged`, `not-supported` for what EFS encrypts
 */
export async function openStream(
	file: NtfsFile,
	type: number,
	name: string,
	volume: ByteSource,
	geometry: Geometry,
): Promise<FileBytes> {
	const extents = extentsOf(file.attributes, type, name);
	const first = firstExtent(extents);
	if (first === undefined) return new MemoryBytes(new Uint8Array(0));
	if ((first.flags & streamFlags.encrypted) !== 0)
		throw new AfterimageError('not-supported', 'The file is encrypted by Windows (EFS)', {
			advice: 'Restore the volume, and open the file there as the user who encrypted it.',
		});
	if (first.resident) return new MemoryBytes(first.value);
	const stream = mapStream(extents.filter(isNonResident), geometry);
	const compression = first.flags & streamFlags.compression;
	if (compression === 0) return new StreamSource(volume, geometry.clusterSize, stream);
	if (compression === lznt1) return new CompressedStream(volume, geometry.clusterSize, stream, first.compressionUnit);
	throw damaged('structure-damaged', 'Stream, way of compressing', first.at, lznt1, compression);
}

/**
 * Length of what {@link openStream} opens.
 * @throws AfterimageError `structure-damaged`
 */
export function streamSize(file: NtfsFile, type: number, name: string): number {
	const first = firstExtent(extentsOf(file.attributes, type, name));
	if (first === undefined) return 0;
	return first.resident ? first.value.length : first.dataSize;
}

/** The extent that has the stream's sizes and flags: all of a resident stream, or the part from VCN 0 on. */
function firstExtent(extents: readonly Attribute[]): Attribute | undefined {
	const first = extents.find((extent) => extent.resident || extent.lowestVcn === 0);
	const [any] = extents;
	if (any !== undefined && (first === undefined || (first.resident && extents.length > 1)))
		throw damaged('structure-damaged', 'Stream', any.at, 'one resident, or extents from VCN 0 on', extents.length);
	return first;
}

function isNonResident(extent: Attribute): extent is NonResidentAttribute {
	return !extent.resident;
}
