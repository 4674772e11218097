import type { ByteSource } from '../../../base/bytes.ts';
import type { ExtendedPartition, LayoutWarning, Partition, SectorSize } from '../layout.ts';
import { entriesOf, hasBootMark, hasPlausibleStatus, isUsed, toPartition } from './entries.ts';
import { readLogical } from './logical.ts';
import { MasterBootRecord, extendedTypes, mbrEntryCount, protectiveType } from './structures.ts';

/** `none`: no boot mark, or what stands in the entries' place is code or text. `empty`: four unused entries. */
export type MbrKind = 'none' | 'empty' | 'partitions' | 'protective' | 'hybrid';

/** What the first sector of a disk is as an MBR. @param sector at least 512 bytes */
export function mbrKind(sector: Uint8Array): MbrKind {
	if (!hasBootMark(sector)) return 'none';
	const all = entriesOf(sector);
	if (!all.every(hasPlausibleStatus)) return 'none';
	const used = all.filter(isUsed);
	if (used.length === 0) return 'empty';
	const others = used.filter((entry) => entry.type !== protectiveType);
	if (others.length === used.length) return 'partitions';
	return others.length === 0 ? 'protective' : 'hybrid';
}

/** MBR disk signature (what Windows and Linux tell disks apart by) as 8 upper-case hex digits; empty when it is 0. */
export function mbrSignature(sector: Uint8Array): string {
	const signature = new MasterBootRecord(sector).diskSignature;
	return signature === 0 ? '' : signature.toString(16).padStart(8, '0').toUpperCase();
}

export interface MbrReading {
	readonly partitions: Partition[];
	readonly extended: ExtendedPartition[];
	readonly warnings: LayoutWarning[];
}

/** Primaries 1 to 4 and the logical partitions of every extended one. Ranges are as the table has them, unchecked. */
export async function readMbr(source: ByteSource, sector: Uint8Array, sectorSize: SectorSize): Promise<MbrReading> {
	const reading: MbrReading = { partitions: [], extended: [], warnings: [] };
	let logicalNumber = mbrEntryCount + 1;
	for (const [i, entry] of entriesOf(sector).entries()) {
		if (!isUsed(entry) || entry.type === protectiveType) continue;
		if (!extendedTypes.has(entry.type)) {
			reading.partitions.push(toPartition(entry, i + 1, entry.firstLba, sectorSize, 'primary'));
			continue;
		}
		const logical = await readLogical(source, sectorSize, entry, i + 1, logicalNumber);
		logicalNumber += logical.partitions.length;
		reading.partitions.push(...logical.partitions);
		reading.extended.push(logical.extended);
		reading.warnings.push(...logical.warnings);
	}
	return reading;
}

/** A copy of the record with another disk signature. @param id 8 hex digits @throws RangeError when it is not */
export function withMbrSignature(sector: Uint8Array, id: string): Uint8Array {
	if (!/^[0-9a-fA-F]{8}$/.test(id)) throw new RangeError(`Not an MBR disk signature: ${id}`);
	const copy = sector.slice();
	new MasterBootRecord(copy).diskSignature = parseInt(id, 16);
	return copy;
}
