import { damaged } from '../../base/errors.ts';
import { bytes, struct, u16, u64 } from '../../base/struct.ts';

/** One element of `$EPT`: 528 bytes in the reference reader, 6 more than the published text shows. */
const EptElement = struct('EptElement', 528, {
	sector: bytes(0x000, 512),
	diskOffset: u64(0x200),
	partitionNumber: u16(0x208),
	padding: bytes(0x20a, 6),
});

/** An extended boot record of an MBR disk and where it lies. */
export interface ExtendedBootRecord {
	/** 512 bytes. */
	readonly sector: Uint8Array;
	/** Byte on the disk. */
	readonly diskOffset: number;
	readonly partitionNumber: number;
}

/** The payload of `$EPT`: u32 number of records, then the records. */
export function encodeEpt(records: readonly ExtendedBootRecord[]): Uint8Array {
	const payload = new Uint8Array(4 + records.length * EptElement.size);
	new DataView(payload.buffer).setUint32(0, records.length, true);
	records.forEach((record, i) => {
		const element = new EptElement(payload, 4 + i * EptElement.size);
		element.sector = record.sector;
		element.diskOffset = record.diskOffset;
		element.partitionNumber = record.partitionNumber;
	});
	return payload;
}

/**
 * As the reference reader does, the number of records is taken from the payload's length.
 * @param at byte of the file where the payload begins, for errors
 * @param diskSize bytes; records must lie within
 * @throws AfterimageError `image-damaged`
 */
export function decodeEpt(payload: Uint8Array, at: number, diskSize: number): ExtendedBootRecord[] {
	const records: ExtendedBootRecord[] = [];
	for (let from = 4; from + EptElement.size <= payload.length; from += EptElement.size) {
		const element = new EptElement(payload, from);
		const high = new DataView(payload.buffer, payload.byteOffset + from, EptElement.size).getUint32(0x204, true);
		if (high > 0x1fffff || element.diskOffset + 512 > diskSize)
			throw damaged(
				'image-damaged',
				`$EPT record ${records.length}`,
				at + from,
				`a sector within the disk's ${diskSize} bytes`,
				high > 0x1fffff ? 'an offset of 2^53 or more' : element.diskOffset,
			);
		records.push({
			sector: element.sector.slice(),
			diskOffset: element.diskOffset,
			partitionNumber: element.partitionNumber,
		});
	}
	return records;
}
