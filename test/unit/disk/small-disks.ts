import { crc32 } from 'node:zlib';
import { guidToBytes } from '../../../src/base/guid.ts';
import { GptEntry, GptHeader } from '../../../src/disk/partition-table/gpt/structures.ts';
import { MasterBootRecord, MbrEntry } from '../../../src/disk/partition-table/mbr/structures.ts';

export interface SmallPartition {
	readonly first: number;
	readonly last: number;
	readonly name?: string;
}

export const diskGuid = '11111111-2222-3333-4444-555555555555';
const linuxFilesystem = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';

/** A GPT disk of 400 sectors with 16 entries, written out by hand so that it does not rest on the code under test. */
export function smallGpt(partitions: readonly SmallPartition[], sectorSize = 512): Uint8Array {
	const sectors = 400;
	const disk = new Uint8Array(sectors * sectorSize);
	disk.set(mbrSector([{ type: 0xee, firstLba: 1, sectors: sectors - 1 }]));
	const arraySectors = (16 * 128) / 512;
	const array = new Uint8Array(16 * 128);
	for (const [i, { first, last, name }] of partitions.entries()) {
		const entry = new GptEntry(array, i * 128);
		entry.typeGuid = guidToBytes(linuxFilesystem);
		entry.partitionGuid = guidToBytes(`00000000-0000-0000-0000-0000000000${String(i + 10)}`);
		entry.firstLba = first;
		entry.lastLba = last;
		entry.name = new Uint8Array(Buffer.from(name ?? '', 'utf16le'));
	}
	const copies = [
		{ lba: 1, other: sectors - 1, entryLba: 2 },
		{ lba: sectors - 1, other: 1, entryLba: sectors - 1 - arraySectors },
	];
	for (const { lba, other, entryLba } of copies) {
		disk.set(array, entryLba * sectorSize);
		const header = new GptHeader(disk, lba * sectorSize);
		header.signature = 'EFI PART';
		header.revision = 0x10000;
		header.headerSize = 92;
		header.myLba = lba;
		header.alternateLba = other;
		header.firstUsableLba = 2 + arraySectors;
		header.lastUsableLba = sectors - 2 - arraySectors;
		header.diskGuid = guidToBytes(diskGuid);
		header.entryLba = entryLba;
		header.entryCount = 16;
		header.entrySize = 128;
		header.entriesCrc = crc32(array);
		sealHeader(disk, lba * sectorSize);
	}
	return disk;
}

/** Writes the header's CRC anew. */
export function sealHeader(disk: Uint8Array, at: number): void {
	const header = new GptHeader(disk, at);
	header.headerCrc = 0;
	header.headerCrc = crc32(disk.subarray(at, at + Math.min(header.headerSize, 512)));
}

export interface SmallEntry {
	readonly type: number;
	readonly firstLba: number;
	readonly sectors: number;
	readonly status?: number;
}

export function mbrSector(entries: readonly SmallEntry[], signature = 0): Uint8Array {
	const sector = new Uint8Array(512);
	const record = new MasterBootRecord(sector);
	record.diskSignature = signature;
	record.mark = 0xaa55;
	for (const [i, { type, firstLba, sectors, status }] of entries.entries()) {
		const entry = new MbrEntry(record.entries, i * 16);
		entry.status = status ?? 0;
		entry.type = type;
		entry.firstLba = firstLba;
		entry.sectors = sectors;
	}
	return sector;
}
