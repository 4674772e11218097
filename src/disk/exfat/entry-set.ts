import { damaged } from '../../base/errors.ts';
import { utf16Text } from '../fat-family/utf16-name.ts';
import { directoryEntrySize, entryType, FileEntry, NameEntry, StreamEntry } from './structures.ts';
import { exfatTime } from './time.ts';

/** A file or folder as its folder has it. Sizes in bytes. */
export interface ExfatEntry {
	/** As it is stored, in UTF-16 that is shown as text. */
	readonly name: string;
	readonly folder: boolean;
	readonly modified: number | undefined;
	/** Its clusters are neighbours, and the FAT says nothing of them. */
	readonly contiguous: boolean;
	readonly firstCluster: number;
	readonly size: number;
	/** Bytes that were written; zeros follow. */
	readonly validSize: number;
	/** Byte of the first entry in the volume. */
	readonly at: number;
}

/**
 * Reads the set of a file: a file entry, a stream entry, the entries of the name, and whatever else that may be passed over.
 * @param bytes the whole set
 * @param at byte of the volume where it begins
 * @throws AfterimageError `structure-damaged`
 */
export function parseEntrySet(bytes: Uint8Array, at: number): ExfatEntry {
	const bad = (what: string, expected: string | number, found: string | number) =>
		damaged('structure-damaged', `exFAT directory entries, ${what}`, at, expected, found);
	const file = new FileEntry(bytes);
	const sum = setChecksum(bytes);
	if (file.checksum !== sum) throw bad('checksum', sum, file.checksum);
	const stream = new StreamEntry(bytes, directoryEntrySize);
	if (stream.type !== entryType.stream) throw bad('second one', 'a stream entry (192)', stream.type);
	const { flags, nameLength, validDataLength, firstCluster, dataLength } = stream;
	if (validDataLength > dataLength) throw bad('valid data length', `at most ${dataLength}`, validDataLength);
	const namePieces = Math.ceil(nameLength / unitsPerPiece);
	const count = bytes.length / directoryEntrySize;
	if (nameLength === 0 || 2 + namePieces > count) {
		throw bad('name length', `1 to ${(count - 2) * unitsPerPiece}`, nameLength);
	}
	const name = new Uint8Array(namePieces * unitsPerPiece * 2);
	for (let i = 2; i < count; i++) {
		const piece = new NameEntry(bytes, i * directoryEntrySize);
		if (i < 2 + namePieces) {
			if (piece.type !== entryType.name) throw bad(`number ${i + 1}`, 'a name entry (193)', piece.type);
			name.set(piece.name, (i - 2) * unitsPerPiece * 2);
		} else if ((piece.type & benign) === 0) {
			throw bad(`number ${i + 1}`, 'one that may be passed over', piece.type);
		}
	}
	return {
		name: utf16Text(name.subarray(0, nameLength * 2)),
		folder: (file.attributes & folderAttribute) !== 0,
		modified: exfatTime(file.modified, file.modified10ms, file.modifiedUtcOffset),
		contiguous: (flags & noFatChain) !== 0,
		firstCluster,
		size: dataLength,
		validSize: validDataLength,
		at,
	};
}

const unitsPerPiece = 15;
const folderAttribute = 0x10;
const noFatChain = 0x02;
/** Bit of an entry's type: who does not know the type may pass it over. */
const benign = 0x20;

/** Figure 2 of section 6.3.3: the field that holds it, bytes 2 and 3, is left out. */
export function setChecksum(bytes: Uint8Array): number {
	let sum = 0;
	for (let i = 0; i < bytes.length; i++) {
		if (i === 2 || i === 3) continue;
		sum = (((sum & 1) << 15) + (sum >>> 1) + bytes[i]!) & 0xffff;
	}
	return sum;
}

/** As much of a set's name as is there, where the set is damaged. */
export function nameOfDamagedSet(bytes: Uint8Array): string {
	const units: number[] = [];
	for (let from = 0; from + directoryEntrySize <= bytes.length; from += directoryEntrySize) {
		if (bytes[from] === entryType.name) units.push(...bytes.subarray(from + 2, from + directoryEntrySize));
	}
	return utf16Text(Uint8Array.from(units)).replace(/\0.*$/s, '');
}
