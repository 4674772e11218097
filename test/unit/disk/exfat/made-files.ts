import { setChecksum } from '../../../../src/disk/exfat/entry-set.ts';
import { FileEntry, NameEntry, StreamEntry } from '../../../../src/disk/exfat/structures.ts';
import { smallExfat } from '../small-volumes.ts';

const heap = 32 * 512;
const fat = 24 * 512;
export const clusterSize = 1024;

/** Byte of a cluster in the volume of `smallExfat`, whose root folder is cluster 3. */
export const clusterAt = (cluster: number): number => heap + (cluster - 2) * clusterSize;

/** The volume of `smallExfat`, whose clusters from 4 on are filled by hand. */
export class MadeExfat {
	readonly bytes = smallExfat();

	link(cluster: number, value: number): void {
		new DataView(this.bytes.buffer).setUint32(fat + cluster * 4, value, true);
	}

	/** Fills the clusters, and links them in this order unless their owner is contiguous. */
	fill(clusters: readonly number[], content: Uint8Array, linked = true): void {
		clusters.forEach((cluster, i) => {
			if (linked) this.link(cluster, clusters[i + 1] ?? 0xffff_ffff);
			this.bytes.set(content.subarray(i * clusterSize, (i + 1) * clusterSize), clusterAt(cluster));
		});
	}

	/** Fills the root folder behind the label and the bitmap: 960 bytes. */
	root(...sets: readonly Uint8Array[]): this {
		this.bytes.set(joined(...sets), clusterAt(3) + 64);
		return this;
	}
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
	return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export interface MadeSet {
	readonly name: string;
	readonly folder?: boolean;
	readonly contiguous?: boolean;
	readonly firstCluster?: number;
	readonly size?: number;
	/** As large as `size` when absent. */
	readonly validSize?: number;
	/** Timestamp, tens of milliseconds and zone of the last change. */
	readonly modified?: readonly [number, number, number];
	/** Types of entries that follow the name. */
	readonly more?: readonly number[];
	/** Called before the checksum is taken. */
	readonly change?: (set: Uint8Array) => void;
}

/** The entries of a file or folder, with their checksum. */
export function entrySet(made: MadeSet): Uint8Array {
	const pieces = Math.ceil(made.name.length / 15);
	const more = made.more ?? [];
	const set = new Uint8Array(32 * (2 + pieces + more.length));
	const file = new FileEntry(set);
	file.type = 0x85;
	file.secondaryCount = set.length / 32 - 1;
	file.attributes = made.folder ? 0x10 : 0x20;
	[file.modified, file.modified10ms, file.modifiedUtcOffset] = made.modified ?? [0, 0, 0];
	const stream = new StreamEntry(set, 32);
	stream.type = 0xc0;
	stream.flags = made.contiguous ? 3 : 1;
	stream.nameLength = made.name.length;
	stream.firstCluster = made.firstCluster ?? 0;
	stream.dataLength = made.size ?? 0;
	stream.validDataLength = made.validSize ?? made.size ?? 0;
	for (let i = 0; i < pieces; i++) {
		const entry = new NameEntry(set, 64 + i * 32);
		entry.type = 0xc1;
		const part = made.name.slice(i * 15, (i + 1) * 15);
		const units = Array.from({ length: part.length }, (_, unit) => part.charCodeAt(unit));
		entry.name = Uint8Array.from(units.flatMap((unit) => [unit & 0xff, unit >>> 8]));
	}
	for (const [i, type] of more.entries()) set[64 + (pieces + i) * 32] = type;
	made.change?.(set);
	file.checksum = setChecksum(set);
	return set;
}
