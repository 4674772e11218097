import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { isAfterimageError } from '../../base/errors.ts';
import { attributeTypes } from './records/attribute.ts';
import type { Geometry } from './boot-sector.ts';
import { systemRecords, type Mft } from './records/mft.ts';
import { parseRecord } from './records/record.ts';
import { StreamSource, systemStream } from './records/stream.ts';

/** Records that $MFTMirr always holds: $MFT, $MFTMirr, $LogFile and $Volume. */
const mirrored = 4;

/**
 * Why $MFTMirr, the copy of the first records, does not agree with the $MFT or with the boot sector; undefined when it
 * does. ntfs-3g and ntfsfix ask for the same.
 */
export async function mirrorDirtyReason(volume: ByteSource, geometry: Geometry, mft: Mft): Promise<string | undefined> {
	const { recordSize, clusterSize, mftMirrorLcn } = geometry;
	const { attributes } = await mft.file({ number: systemRecords.mftMirror, sequence: 0 });
	const stream = systemStream(attributes, attributeTypes.data, '$MFTMirr', geometry);
	if (stream.runs.lcns[0] !== mftMirrorLcn) return 'the boot sector and the $MFT name different places for $MFTMirr';
	const mirror = new StreamSource(volume, clusterSize, stream);
	try {
		for (let number = 0; number < mirrored; number++) {
			const { bytes } = await mft.record({ number, sequence: 0 });
			const copy = parseRecord(
				await readBytes(mirror, number * recordSize, recordSize),
				number,
				mftMirrorLcn * clusterSize,
			);
			if (copy.bytes.some((byte, i) => byte !== bytes[i])) return `$MFTMirr differs from the $MFT in record ${number}`;
		}
		return undefined;
	} catch (error) {
		if (isAfterimageError(error, 'structure-damaged')) return `$MFTMirr cannot be read: ${error.message}`;
		throw error;
	}
}
