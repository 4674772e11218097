import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged, type AfterimageError } from '../../base/errors.ts';
import { lvmChecksum } from './checksum.ts';
import {
	DiskArea,
	LabelHeader,
	labelId,
	labelSectors,
	labelType,
	PhysicalVolumeHeader,
	sector as sectorLength,
} from './structures.ts';

/** Where the list of volumes is kept. Bytes. */
export interface MetadataArea {
	/** From the start of the physical volume. */
	readonly offset: number;
	readonly size: number;
}

/** What the label of a physical volume tells. */
export interface PhysicalVolume {
	/** 32 letters and digits, without the hyphens that programs write. */
	readonly uuid: string;
	/** As they are stored, so they may be anywhere. */
	readonly metadataAreas: readonly MetadataArea[];
}

/**
 * Reads the first sound label of a physical volume.
 * @throws AfterimageError `structure-damaged` when there is none, `read-error`
 */
export async function readLabel(volume: ByteSource): Promise<PhysicalVolume> {
	const start = await readBytes(volume, 0, Math.min(labelSectors * sectorLength, volume.size));
	let objection: AfterimageError | undefined;
	for (let at = 0; at + sectorLength <= start.length; at += sectorLength) {
		const sector = start.subarray(at, at + sectorLength);
		const label = new LabelHeader(sector);
		if (label.id !== labelId || label.type !== labelType) continue;
		const found = lvmChecksum(sector.subarray(LabelHeader.offset.offset));
		if (found !== label.crc) objection ??= bad('crc', at, hex(label.crc), hex(found));
		else if (label.sector !== at / sectorLength) objection ??= bad('sector', at, at / sectorLength, label.sector);
		else return readHeader(sector, label.offset, at);
	}
	throw objection ?? damaged('structure-damaged', 'LVM label', 0, labelId, 'none in the first four sectors');
}

function readHeader(sector: Uint8Array, offset: number, at: number): PhysicalVolume {
	const { uuid } = new PhysicalVolumeHeader(sector, offset);
	const lists: MetadataArea[][] = [[], []];
	let next = offset + PhysicalVolumeHeader.size;
	for (const list of lists) {
		for (;;) {
			const { offset: start, size } = new DiskArea(sector, next);
			next += DiskArea.size;
			if (start === 0) break;
			list.push({ offset: start, size });
		}
	}
	if (!/^[0-9A-Za-z]{32}$/.test(uuid)) {
		throw damaged('structure-damaged', 'LVM physical volume uuid', at + offset, '32 letters and digits', uuid);
	}
	return { uuid, metadataAreas: lists[1]! };
}

function bad(field: keyof typeof LabelHeader.offset, at: number, expected: string | number, found: string | number) {
	return damaged('structure-damaged', `LVM label ${field}`, at + LabelHeader.offset[field], expected, found);
}

function hex(value: number): string {
	return `0x${value.toString(16).padStart(8, '0')}`;
}
