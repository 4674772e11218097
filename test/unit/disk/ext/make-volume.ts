import { checkRange, type ByteSource } from '../../../../src/base/bytes.ts';

/** A volume of any size that keeps only the pages that were written, and counts what is read. */
export class SparseVolume implements ByteSource {
	readonly size: number;
	reads = 0;
	bytesRead = 0;
	readonly #pages = new Map<number, Uint8Array>();

	constructor(size: number) {
		this.size = size;
	}

	async read(offset: number, target: Uint8Array): Promise<void> {
		checkRange('Read', offset, target.length, this.size);
		this.reads++;
		this.bytesRead += target.length;
		this.#walk(offset, target.length, (page, from, at, length) => {
			if (page === undefined) target.fill(0, at, at + length);
			else target.set(page.subarray(from, from + length), at);
		});
	}

	write(offset: number, data: Uint8Array): void {
		this.#walk(offset, data.length, (_, from, at, length, number) => {
			const page = this.#pages.get(number) ?? new Uint8Array(4096);
			page.set(data.subarray(at, at + length), from);
			this.#pages.set(number, page);
		});
	}

	#walk(
		offset: number,
		total: number,
		visit: (page: Uint8Array | undefined, from: number, at: number, length: number, number: number) => void,
	): void {
		for (let at = 0; at < total;) {
			const number = Math.floor((offset + at) / 4096);
			const from = (offset + at) % 4096;
			const length = Math.min(4096 - from, total - at);
			visit(this.#pages.get(number), from, at, length, number);
			at += length;
		}
	}
}

/** CRC-32C a bit at a time, without inversion. */
export function slowCrc32c(state: number, bytes: Iterable<number>): number {
	return slowCrc(state, bytes, 0x82f63b78);
}

/** CRC-16 a bit at a time, without inversion. */
export function slowCrc16(state: number, bytes: Iterable<number>): number {
	return slowCrc(state, bytes, 0xa001);
}

function slowCrc(state: number, bytes: Iterable<number>, polynomial: number): number {
	let crc = state;
	for (const byte of bytes) {
		crc = (crc ^ byte) >>> 0;
		for (let bit = 0; bit < 8; bit++) crc = ((crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ polynomial) >>> 0;
	}
	return crc;
}

export interface VolumeOptions {
	/** Bytes; 1024 when absent. */
	readonly blockSize?: number;
	/** Blocks; 20 groups of 256 and a short one when absent. */
	readonly blocks?: number;
	readonly blocksPerGroup?: number;
	/** Blocks to a cluster: bigalloc when above 1. */
	readonly ratio?: number;
	/** Groups whose bitmaps and tables lie together in the first of them; 1 leaves flex_bg out. */
	readonly flex?: number;
	readonly checksums?: 'none' | 'crc16' | 'crc32c';
	/** Groups whose bitmap is never written. */
	readonly uninitialised?: readonly number[];
	/** Blocks used besides the file system's own. */
	readonly used?: readonly number[];
	/** Bytes behind the file system. */
	readonly tail?: number;
	readonly incompat?: number;
	readonly roCompat?: number;
	readonly compat?: number;
	readonly state?: number;
	readonly lastOrphan?: number;
	/** Changes a group's descriptor before its checksum is made. */
	readonly spoil?: (group: number, descriptor: DataView) => void;
	/** Changes the superblock before its checksum is made. */
	readonly spoilSuperblock?: (superblock: DataView) => void;
}

export interface MadeVolume {
	readonly volume: SparseVolume;
	/** Every block that must be reported, in order. */
	readonly used: Set<number>;
	readonly blocks: number;
	readonly blockSize: number;
	/** Byte where the group descriptors begin. */
	readonly descriptors: number;
	readonly blockBitmaps: readonly number[];
}

const uuid = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);
const inodesPerGroup = 32;

/** Writes the superblock, descriptors and block bitmaps of a small 64bit file system with backups in powers of 3, 5, 7. */
export function makeVolume(options: VolumeOptions = {}): MadeVolume {
	const blockSize = options.blockSize ?? 1024;
	const ratio = options.ratio ?? 1;
	const flex = options.flex ?? 1;
	const checksums = options.checksums ?? 'crc32c';
	const blocksPerGroup = options.blocksPerGroup ?? 256;
	const first = blockSize === 1024 && ratio === 1 ? 1 : 0;
	const blocks = options.blocks ?? first + 20 * blocksPerGroup + 100;
	const groups = Math.ceil((blocks - first) / blocksPerGroup);
	const volume = new SparseVolume(blocks * blockSize + (options.tail ?? 0));
	const superblockBlock = blockSize === 1024 ? 1 : 0;
	const tableBlocks = Math.ceil((groups * 64) / blockSize);
	const inodeBlocks = (inodesPerGroup * 128) / blockSize;
	const backups = [0, 1, 3, 5, 7, 9, 25, 27, 49, 81, 125, 243, 343, 625, 729];
	const startOf = (group: number) => first + group * blocksPerGroup;

	const used = new Set<number>(options.used);
	for (let block = 0; block < first; block++) used.add(block);
	const own: number[][] = [];
	const next: number[] = [];
	for (let group = 0; group < groups; group++) {
		const length = backups.includes(group) ? 1 + tableBlocks + (group === 0 ? superblockBlock - first : 0) : 0;
		own.push(Array.from({ length }, (_, i) => startOf(group) + i));
		next.push(startOf(group) + length);
	}
	const take = (group: number, count: number) => {
		const leader = group - (group % flex);
		const block = next[leader]!;
		next[leader] = block + count;
		for (let i = 0; i < count; i++) own[group]!.push(block + i);
		return block;
	};
	const numbers = Array.from({ length: groups }, (_, group) => group);
	const blockBitmaps = numbers.map((group) => take(group, 1));
	const inodeBitmaps = numbers.map((group) => take(group, 1));
	const inodeTables = numbers.map((group) => take(group, inodeBlocks));
	for (const block of own.flat()) used.add(block);
	// A cluster is used when one of its blocks is.
	for (const block of [...used]) {
		const start = block - (block % ratio);
		for (let i = 0; i < ratio && ratio > 1 && start + i < blocks; i++) used.add(start + i);
	}

	const seed = checksums === 'crc16' ? slowCrc16(0xffff, uuid) : slowCrc32c(0xffffffff, uuid);
	const table = new Uint8Array(tableBlocks * blockSize);
	for (const group of numbers) {
		const bitmap = new Uint8Array(blockSize).fill(0xff);
		const start = startOf(group);
		let free = 0;
		for (let bit = 0; bit < blocksPerGroup / ratio && start + bit * ratio < blocks; bit++) {
			if (used.has(start + bit * ratio)) continue;
			bitmap[bit >>> 3]! &= ~(1 << (bit & 7));
			free++;
		}
		const uninitialised = options.uninitialised?.includes(group) ?? false;
		const descriptor = new DataView(table.buffer, group * 64, 64);
		const put = (low: number, high: number, value: number) => {
			descriptor.setUint32(low, value % 2 ** 32, true);
			descriptor.setUint32(high, Math.floor(value / 2 ** 32), true);
		};
		put(0x00, 0x20, blockBitmaps[group]!);
		put(0x04, 0x24, inodeBitmaps[group]!);
		put(0x08, 0x28, inodeTables[group]!);
		descriptor.setUint16(0x0c, free, true);
		descriptor.setUint16(0x12, uninitialised ? 2 : 0, true);
		if (checksums === 'crc32c' && !uninitialised) {
			const sum = slowCrc32c(seed, bitmap.subarray(0, blocksPerGroup / ratio / 8));
			descriptor.setUint16(0x18, sum & 0xffff, true);
			descriptor.setUint16(0x38, sum >>> 16, true);
		}
		options.spoil?.(group, descriptor);
		const raw = table.subarray(group * 64, group * 64 + 64);
		const number = [group & 0xff, group >>> 8, 0, 0];
		if (checksums === 'crc16') {
			const kept = [...raw.subarray(0, 0x1e), ...raw.subarray(0x20)];
			descriptor.setUint16(0x1e, slowCrc16(seed, [...number, ...kept]), true);
		} else if (checksums === 'crc32c') {
			const zeroed = [...raw.subarray(0, 0x1e), 0, 0, ...raw.subarray(0x20)];
			descriptor.setUint16(0x1e, slowCrc32c(seed, [...number, ...zeroed]) & 0xffff, true);
		}
		const content = uninitialised ? new Uint8Array(blockSize).fill(0x5a) : bitmap;
		volume.write(blockBitmaps[group]! * blockSize, content);
	}
	const descriptors = (superblockBlock + 1) * blockSize;
	volume.write(descriptors, table);

	const raw = new Uint8Array(1024);
	const superblock = new DataView(raw.buffer);
	superblock.setUint32(0x00, groups * inodesPerGroup, true);
	superblock.setUint32(0x04, blocks % 2 ** 32, true);
	superblock.setUint32(0x150, Math.floor(blocks / 2 ** 32), true);
	superblock.setUint32(0x14, first, true);
	superblock.setUint32(0x18, Math.log2(blockSize / 1024), true);
	superblock.setUint32(0x1c, Math.log2((blockSize * ratio) / 1024), true);
	superblock.setUint32(0x20, blocksPerGroup, true);
	superblock.setUint32(0x24, blocksPerGroup / ratio, true);
	superblock.setUint32(0x28, inodesPerGroup, true);
	superblock.setUint16(0x38, 0xef53, true);
	superblock.setUint16(0x3a, options.state ?? 1, true);
	superblock.setUint32(0x4c, 1, true);
	superblock.setUint16(0x58, 128, true);
	superblock.setUint32(0x5c, options.compat ?? 0x4, true);
	superblock.setUint32(0x60, 0x80 | (flex > 1 ? 0x200 : 0) | (options.incompat ?? 0), true);
	const protection = checksums === 'crc32c' ? 0x400 : checksums === 'crc16' ? 0x10 : 0;
	superblock.setUint32(0x64, 0x1 | protection | (ratio > 1 ? 0x200 : 0) | (options.roCompat ?? 0), true);
	raw.set(uuid, 0x68);
	raw.set(new TextEncoder().encode('Größe'), 0x78);
	superblock.setUint32(0xe0, 8, true);
	superblock.setUint32(0xe8, options.lastOrphan ?? 0, true);
	superblock.setUint16(0xfe, 64, true);
	superblock.setUint8(0x175, 1);
	options.spoilSuperblock?.(superblock);
	superblock.setUint32(0x3fc, slowCrc32c(0xffffffff, raw.subarray(0, 0x3fc)), true);
	volume.write(1024, raw);
	return { volume, used, blocks, blockSize, descriptors, blockBitmaps };
}
