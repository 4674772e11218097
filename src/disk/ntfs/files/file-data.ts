import { readBytes, type ByteSource } from '../../../base/bytes.ts';
import { AfterimageError } from '../../../base/errors.ts';
import type { FileBytes } from '../../files.ts';
import { attributeTypes } from '../records/attribute.ts';
import type { Geometry } from '../boot-sector.ts';
import { openStream, streamSize } from './data-stream.ts';
import type { NtfsFile } from '../records/mft.ts';
import { isRemote, reparseTags } from './reparse-tags.ts';
import type { ReparsePoint } from './reparse-point.ts';
import { hole } from '../records/run-list.ts';
import { extentsOf, mapStream } from '../records/stream.ts';
import { openWof, wofStreamName } from './wof.ts';

/** Bytes of a file, as its folder tells them: those of its unnamed stream, which WOF keeps as a hole of that size. */
export function fileSize(file: NtfsFile): number {
	return streamSize(file, attributeTypes.data, '');
}

/**
 * Bytes that {@link fileSize} takes; WOF keeps what it compresses in a stream of its own. What lies in the record counts: programs
 * take a file of no blocks for one of zeros.
 */
export function allocatedSize({ attributes }: NtfsFile): number {
	const streams = ['', wofStreamName].flatMap((name) => extentsOf(attributes, attributeTypes.data, name));
	return streams.reduce((sum, extent) => sum + (extent.resident ? extent.value.length : extent.totalAllocated), 0);
}

/**
 * The bytes of a file, {@link fileSize} of them.
 * @throws AfterimageError `structure-damaged`, `not-supported` for what is encrypted, deduplicated, or not on the volume
 */
export async function openFileData(
	file: NtfsFile,
	point: ReparsePoint | undefined,
	volume: ByteSource,
	geometry: Geometry,
): Promise<FileBytes> {
	if (point?.tag === reparseTags.deduplicated)
		throw new AfterimageError('not-supported', 'The file is deduplicated: Windows Server keeps its bytes in chunks', {
			advice: 'Restore the volume, and open the file there with the role Data Deduplication installed.',
		});
	if (point?.tag === reparseTags.wof) {
		const packed = await openStream(file, attributeTypes.data, wofStreamName, volume, geometry);
		return openWof(point.data, packed, fileSize(file), file.record.at);
	}
	const source = await openStream(file, attributeTypes.data, '', volume, geometry);
	if (point !== undefined && isRemote(point.tag) && !(await isHere(file, source, geometry)))
		throw new AfterimageError('not-supported', 'The bytes of the file are not on the volume, but in the cloud', {
			advice: 'Get the file from OneDrive, or wherever its folder is kept.',
		});
	return source;
}

/**
 * Whether all bytes of a file that may lie elsewhere are on the volume. One that was never fetched is a hole, or zeros
 * where it is small enough to stand in its record.
 */
async function isHere(file: NtfsFile, source: ByteSource, geometry: Geometry): Promise<boolean> {
	const extents = extentsOf(file.attributes, attributeTypes.data, '');
	const mapped = extents.filter((extent) => !extent.resident);
	if (mapped.length === 0)
		return source.size === 0 || (await readBytes(source, 0, source.size)).some((byte) => byte !== 0);
	const { runs, dataSize, initializedSize } = mapStream(mapped, geometry);
	return initializedSize === dataSize && !runs.lcns.includes(hole);
}
