import { FatDirectoryEntry, FatLongNameEntry } from '../../../../src/disk/fat/structures.ts';
import { shortNameChecksum } from '../../../../src/disk/fat/short-name.ts';
import { setFatEntry, smallFat } from '../small-volumes.ts';

export type FatType = 'FAT12' | 'FAT16' | 'FAT32';

export interface MadeEntry {
	/** 11 bytes, one character each. */
	readonly raw: string;
	/** Put into entries before it. */
	readonly longName?: string;
	readonly attributes?: number;
	readonly nameCase?: number;
	readonly date?: number;
	readonly time?: number;
	readonly firstCluster?: number;
	readonly size?: number;
}

/** The volume of `smallFat`, whose clusters of 512 bytes are filled by hand. Cluster 2 to 4 are in a chain from the start. */
export class MadeFat {
	readonly type: FatType;
	readonly bytes: Uint8Array;
	readonly #fats: readonly number[];
	/** Byte of the root folder of FAT12 and FAT16, and of cluster 2. */
	readonly rootAt: number;
	readonly dataAt: number;

	constructor(type: FatType) {
		this.type = type;
		this.bytes = smallFat(type);
		const fatLength = { FAT12: 2, FAT16: 20, FAT32: 4 }[type] * 512;
		this.#fats = [1024, 1024 + fatLength];
		this.rootAt = 1024 + 2 * fatLength;
		this.dataAt = this.rootAt + (type === 'FAT32' ? 0 : 1024);
	}

	get end(): number {
		return { FAT12: 0xfff, FAT16: 0xffff, FAT32: 0x0fff_ffff }[this.type];
	}

	link(cluster: number, value: number): void {
		for (const fat of this.#fats) setFatEntry(this.bytes, fat, this.type, cluster, value);
	}

	/** Links the clusters in this order and fills them. */
	chain(clusters: readonly number[], content: Uint8Array): void {
		clusters.forEach((cluster, i) => {
			this.link(cluster, clusters[i + 1] ?? this.end);
			this.bytes.set(content.subarray(i * 512, (i + 1) * 512), this.dataAt + (cluster - 2) * 512);
		});
	}

	/** Fills the root folder, which has 1024 bytes on FAT12 and FAT16, 1536 on FAT32. */
	root(...entries: readonly (MadeEntry | Uint8Array)[]): this {
		this.bytes.set(directory(...entries), this.rootAt);
		return this;
	}
}

export function directory(...entries: readonly (MadeEntry | Uint8Array)[]): Uint8Array {
	const parts = entries.map((entry) => (entry instanceof Uint8Array ? entry : entryBytes(entry)));
	return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const rawBytes = (raw: string) => Uint8Array.from(raw, (character) => character.charCodeAt(0));

function entryBytes(made: MadeEntry): Uint8Array {
	const short = new Uint8Array(32);
	const entry = new FatDirectoryEntry(short);
	entry.name = made.raw;
	entry.attributes = made.attributes ?? 0x20;
	entry.nameCase = made.nameCase ?? 0;
	entry.modifiedDate = made.date ?? 0;
	entry.modifiedTime = made.time ?? 0;
	entry.firstClusterHigh = (made.firstCluster ?? 0) >>> 16;
	entry.firstClusterLow = (made.firstCluster ?? 0) & 0xffff;
	entry.size = made.size ?? 0;
	if (made.longName === undefined) return short;
	return Uint8Array.from([...longNameEntries(made.longName, shortNameChecksum(rawBytes(made.raw))), ...short]);
}

/** The pieces of a long name in the order in which they are stored. */
export function longNameEntries(name: string, checksum: number): Uint8Array {
	const count = Math.ceil(name.length / 13);
	const units = new Uint16Array(count * 13).fill(0xffff);
	for (let i = 0; i < name.length; i++) units[i] = name.charCodeAt(i);
	if (name.length < units.length) units[name.length] = 0;
	const stored = new Uint8Array(units.buffer);
	const bytes = new Uint8Array(count * 32);
	for (let piece = count; piece > 0; piece--) {
		const entry = new FatLongNameEntry(bytes, (count - piece) * 32);
		const from = (piece - 1) * 26;
		entry.order = piece | (piece === count ? 0x40 : 0);
		entry.attributes = 0x0f;
		entry.checksum = checksum;
		entry.first = stored.subarray(from, from + 10);
		entry.second = stored.subarray(from + 10, from + 22);
		entry.third = stored.subarray(from + 22, from + 26);
	}
	return bytes;
}
