import { crc32 } from 'node:zlib';
import { readBytes, type ByteSource } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import { guidFromBytes } from '../../../base/guid.ts';
import { GptEntry, GptHeader, gptSignature } from './structures.ts';

/** A GPT header and its entry array, both with right checksums and every field within bounds. LBAs count sectors. */
export interface GptTable {
	readonly sectorSize: number;
	/** Upper case. */
	readonly diskGuid: string;
	readonly revision: number;
	readonly myLba: number;
	readonly alternateLba: number;
	readonly firstUsableLba: number;
	readonly lastUsableLba: number;
	readonly entryLba: number;
	readonly entryCount: number;
	/** Bytes: 128 times a power of two. */
	readonly entrySize: number;
	/** The entry array: `entryCount * entrySize` bytes. */
	readonly entries: Uint8Array;
}

/**
 * An entry array must lie within what an image keeps of a disk's start (1 MiB), so no more than this is ever allocated.
 * 128 entries of 128 bytes are usual.
 */
const longestArray = 1024 * 1024;

/**
 * Reads and checks the table whose header stands at `lba`.
 * @param source the disk, or its first bytes when only the primary table is asked for
 * @throws AfterimageError `structure-damaged` naming the field; `read-error`
 */
export async function readGptTable(source: ByteSource, sectorSize: number, lba: number): Promise<GptTable> {
	const at = lba * sectorSize;
	if (at + sectorSize > source.size) throw damaged('structure-damaged', 'GPT header', at, 'a sector', 'the end');
	const sector = await readBytes(source, at, sectorSize);
	const header = checkHeader(sector, lba, sectorSize);
	const length = header.entryCount * header.entrySize;
	const arrayAt = header.entryLba * sectorSize;
	if (arrayAt + length > source.size) {
		throw damaged('structure-damaged', 'GPT entry array', arrayAt, `to end by ${source.size}`, arrayAt + length);
	}
	const entries = await readBytes(source, arrayAt, length);
	const found = crc32(entries);
	if (found !== header.entriesCrc) {
		throw damaged('structure-damaged', 'GPT entry array CRC', arrayAt, hex(header.entriesCrc), hex(found));
	}
	return {
		sectorSize,
		diskGuid: guidFromBytes(header.diskGuid),
		revision: header.revision,
		myLba: header.myLba,
		alternateLba: header.alternateLba,
		firstUsableLba: header.firstUsableLba,
		lastUsableLba: header.lastUsableLba,
		entryLba: header.entryLba,
		entryCount: header.entryCount,
		entrySize: header.entrySize,
		entries,
	};
}

function checkHeader(sector: Uint8Array, lba: number, sectorSize: number): InstanceType<typeof GptHeader> {
	const at = lba * sectorSize;
	const bad = (field: keyof typeof GptHeader.offset, expected: string | number, found: string | number) =>
		damaged('structure-damaged', `GPT header ${field}`, at + GptHeader.offset[field], expected, found);
	const header = new GptHeader(sector);
	if (header.signature !== gptSignature) throw bad('signature', gptSignature, printable(sector.subarray(0, 8)));
	if (header.headerSize < GptHeader.size || header.headerSize > sectorSize) {
		throw bad('headerSize', `${GptHeader.size} to ${sectorSize}`, header.headerSize);
	}
	const crc = headerCrc(sector, header.headerSize);
	if (crc !== header.headerCrc) throw bad('headerCrc', hex(header.headerCrc), hex(crc));
	if (header.myLba !== lba) throw bad('myLba', lba, header.myLba);
	if (header.firstUsableLba > header.lastUsableLba) {
		throw bad('firstUsableLba', `at most ${header.lastUsableLba}`, header.firstUsableLba);
	}
	const { entrySize, entryCount } = header;
	if (entrySize < GptEntry.size || (entrySize & (entrySize - 1)) !== 0 || entrySize > longestArray) {
		throw bad('entrySize', '128 times a power of two', entrySize);
	}
	if (entryCount === 0 || entryCount * entrySize > longestArray) {
		throw bad('entryCount', `1 to ${longestArray / entrySize}`, entryCount);
	}
	if (header.entryLba < 2) throw bad('entryLba', 'at least 2', header.entryLba);
	return header;
}

/** CRC-32 of a header with its own CRC field taken as zero. */
export function headerCrc(sector: Uint8Array, headerSize: number): number {
	const copy = sector.slice(0, headerSize);
	new GptHeader(copy).headerCrc = 0;
	return crc32(copy);
}

/** Whether the sector bears a GPT header's signature, right or damaged otherwise. */
export function hasGptSignature(sector: Uint8Array): boolean {
	return printable(sector.subarray(0, 8)) === gptSignature;
}

function hex(value: number): string {
	return `0x${value.toString(16).padStart(8, '0')}`;
}

function printable(raw: Uint8Array): string {
	return Array.from(raw, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
}
