import { fromDosTime } from '../fat-family/dos-time.ts';
import { LongName } from './long-name.ts';
import { shortName } from './short-name.ts';
import { FatDirectoryEntry, FatLongNameEntry, fatAttribute } from './structures.ts';

/** A file or folder as its folder has it. */
export interface FatEntry {
	/** The long one where there is one. */
	readonly name: string;
	/** It has no long name, and a short one with what no name may have. Systems that avoid short names write such ones. */
	readonly nameDamaged: boolean;
	readonly folder: boolean;
	readonly modified: number | undefined;
	/** 0 for an empty file. */
	readonly firstCluster: number;
	/** Bytes; says nothing of folders. */
	readonly size: number;
	/** Byte of the entry in the volume. */
	readonly at: number;
}

const endMark = 0x00;
const deletedMark = 0xe5;

/** Takes a folder's entries one after another. Deleted ones, volume labels, `.` and `..` are left out. */
export class FatListing {
	readonly entries: FatEntry[] = [];
	readonly #longName = new LongName();
	readonly #wideClusters: boolean;

	/** @param wideClusters FAT32: cluster numbers have an upper half, which means something else elsewhere */
	constructor(wideClusters: boolean) {
		this.#wideClusters = wideClusters;
	}

	/**
	 * @param bytes whole entries
	 * @param at byte of the volume where they lie
	 * @returns whether the end mark was among them, behind which there is nothing
	 */
	add(bytes: Uint8Array, at: number): boolean {
		for (let from = 0; from < bytes.length; from += FatDirectoryEntry.size) {
			const mark = bytes[from];
			if (mark === endMark) return true;
			if (mark === deletedMark) this.#longName.drop();
			else this.#addEntry(bytes, from, at + from);
		}
		return false;
	}

	#addEntry(bytes: Uint8Array, from: number, at: number): void {
		const entry = new FatDirectoryEntry(bytes, from);
		const { attributes } = entry;
		if ((attributes & fatAttribute.longNameMask) === fatAttribute.longName) {
			this.#longName.add(new FatLongNameEntry(bytes, from));
			return;
		}
		const raw = entry.bytes.subarray(0, 11);
		const longName = this.#longName.take(raw);
		if ((attributes & fatAttribute.volumeLabel) !== 0 || entry.name === '.' || entry.name === '..') return;
		this.entries.push({
			name: longName ?? shortName(raw, entry.nameCase),
			nameDamaged: longName === undefined && isDamaged(raw),
			folder: (attributes & fatAttribute.folder) !== 0,
			modified: fromDosTime({
				date: entry.modifiedDate,
				time: entry.modifiedTime,
				milliseconds: 0,
				minutesEast: undefined,
			}),
			firstCluster: entry.firstClusterLow + (this.#wideClusters ? entry.firstClusterHigh * 0x1_0000 : 0),
			size: entry.size,
			at,
		});
	}
}

/** What no system writes: a control character, or a space in front. */
function isDamaged(raw: Uint8Array): boolean {
	return raw[0] === 0x20 || raw.some((byte, i) => byte < 0x20 && !(i === 0 && byte === 0x05));
}
