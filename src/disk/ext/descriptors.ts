import { throwIfAborted } from '../../base/abort.ts';
import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { descriptorChecksum } from './checksum.ts';
import type { Geometry } from './geometry.ts';
import { descriptorBlock, groupClusters, groupEnd, groupStart } from './groups.ts';
import { blockUninitialised, GroupDescriptor, GroupDescriptorHigh } from './structures.ts';

/** Bytes of descriptors that are read at once, where that many lie together. */
const pieceLength = 1024 * 1024;

const low = GroupDescriptor.offset;
const high = GroupDescriptorHigh.offset;

/** The descriptors of some consecutive groups, read where they lie: no object for each. */
export class DescriptorPiece {
	readonly firstGroup: number;
	readonly count: number;
	readonly #geometry: Geometry;
	readonly #bytes: Uint8Array;
	readonly #view: DataView;
	/** Byte of the partition where `bytes` was read. */
	readonly #position: number;
	readonly #wide: boolean;

	constructor(geometry: Geometry, bytes: Uint8Array, position: number, firstGroup: number) {
		this.firstGroup = firstGroup;
		this.count = Math.min(bytes.length / geometry.descriptorSize, geometry.groups - firstGroup);
		this.#geometry = geometry;
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		this.#position = position;
		this.#wide = geometry.descriptorSize >= GroupDescriptorHigh.size;
	}

	blockBitmap(index: number): number {
		return this.#number(index, low.blockBitmap, high.blockBitmap);
	}

	inodeBitmap(index: number): number {
		return this.#number(index, low.inodeBitmap, high.inodeBitmap);
	}

	inodeTable(index: number): number {
		return this.#number(index, low.inodeTable, high.inodeTable);
	}

	/** Clusters of the group that are free, as the descriptor counts them. */
	freeClusters(index: number): number {
		const at = index * this.#geometry.descriptorSize;
		const upper = this.#wide ? this.#view.getUint16(at + high.freeClusters, true) : 0;
		return this.#view.getUint16(at + low.freeClusters, true) + upper * 0x1_0000;
	}

	/** 32 bits, of which a narrow descriptor holds only the lower 16. */
	blockBitmapChecksum(index: number): number {
		const at = index * this.#geometry.descriptorSize;
		const upper = this.#wide ? this.#view.getUint16(at + high.blockBitmapChecksum, true) : 0;
		return this.#view.getUint16(at + low.blockBitmapChecksum, true) + upper * 0x1_0000;
	}

	/** Whether the group's bitmap was never written. Without descriptor checksums the flag means nothing. */
	isUninitialised(index: number): boolean {
		if (this.#geometry.checksums.kind === 'none') return false;
		const flags = this.#view.getUint16(index * this.#geometry.descriptorSize + low.flags, true);
		return (flags & blockUninitialised) !== 0;
	}

	/**
	 * Checks a descriptor's checksum and that what it points to lies in the file system: in its own group unless
	 * flex_bg is set (the kernel's `ext4_check_descriptors`).
	 * @throws AfterimageError `structure-damaged`
	 */
	verify(index: number): void {
		const geometry = this.#geometry;
		const group = this.firstGroup + index;
		const at = index * geometry.descriptorSize;
		if (geometry.checksums.kind !== 'none') {
			const stored = this.#view.getUint16(at + low.checksum, true);
			const real = descriptorChecksum(geometry.checksums, group, this.#bytes, at, geometry.descriptorSize);
			if (stored !== real) throw this.wrong(index, 'checksum', hex(real), hex(stored));
		}
		const field = this.impossible(index);
		if (field === undefined) return;
		const most = groupClusters(geometry, group);
		if (field === 'freeClusters') throw this.wrong(index, field, `at most ${most}`, this.freeClusters(index));
		const start = this.#roomStart(group);
		const last = this.#roomEnd(group) - (field === 'inodeTable' ? geometry.inodeTableBlocks : 1);
		throw this.wrong(index, field, `block ${start} to ${last}`, this[field](index));
	}

	/** The first field of a descriptor that no file system of this geometry can have; its checksum is not looked at. */
	impossible(index: number): 'blockBitmap' | 'inodeBitmap' | 'inodeTable' | 'freeClusters' | undefined {
		const group = this.firstGroup + index;
		const start = this.#roomStart(group);
		const end = this.#roomEnd(group);
		if (this.blockBitmap(index) < start || this.blockBitmap(index) >= end) return 'blockBitmap';
		if (this.inodeBitmap(index) < start || this.inodeBitmap(index) >= end) return 'inodeBitmap';
		const table = this.inodeTable(index);
		if (table < start || table + this.#geometry.inodeTableBlocks > end) return 'inodeTable';
		return this.freeClusters(index) > groupClusters(this.#geometry, group) ? 'freeClusters' : undefined;
	}

	/** The error for a field of a group's descriptor. */
	wrong(index: number, field: keyof typeof low, expected: string | number, found: string | number): Error {
		const at = this.#position + index * this.#geometry.descriptorSize + low[field];
		const what = `ext4_group_desc.${field} of group ${this.firstGroup + index}`;
		return damaged('structure-damaged', what, at, expected, found);
	}

	/** The first block that a group's bitmaps and inode table may take. */
	#roomStart(group: number): number {
		return this.#geometry.flexBg ? this.#geometry.firstBlock : groupStart(this.#geometry, group);
	}

	/** The end of the blocks that a group's bitmaps and inode table may take. */
	#roomEnd(group: number): number {
		return this.#geometry.flexBg ? this.#geometry.blocks : groupEnd(this.#geometry, group);
	}

	#number(index: number, lowOffset: number, highOffset: number): number {
		const at = index * this.#geometry.descriptorSize;
		const upper = this.#wide ? this.#view.getUint32(at + highOffset, true) : 0;
		return this.#view.getUint32(at + lowOffset, true) + upper * 0x1_0000_0000;
	}
}

function hex(value: number): string {
	return `0x${value.toString(16)}`;
}

/**
 * Reads the primary group descriptor table from start to end, a piece at a time.
 * @throws AfterimageError `structure-damaged` when a block of it would lie outside the file system; `cancelled`
 */
export async function* readDescriptors(
	volume: ByteSource,
	geometry: Geometry,
	signal: AbortSignal | undefined,
): AsyncGenerator<DescriptorPiece> {
	const blocks = Math.ceil(geometry.groups / geometry.descriptorsPerBlock);
	const most = Math.max(1, pieceLength / geometry.blockSize);
	for (let index = 0; index < blocks;) {
		throwIfAborted(signal);
		const together = Math.max(1, Math.min(most, geometry.leadingDescriptorBlocks - index));
		const block = descriptorBlock(geometry, index);
		if (block + together > geometry.blocks) {
			const at = block * geometry.blockSize;
			const expected = `before block ${geometry.blocks}`;
			throw damaged('structure-damaged', `Group descriptors ${index}`, at, expected, `block ${block}`);
		}
		const bytes = new Uint8Array(together * geometry.blockSize);
		await volume.read(block * geometry.blockSize, bytes);
		const firstGroup = index * geometry.descriptorsPerBlock;
		yield new DescriptorPiece(geometry, bytes, block * geometry.blockSize, firstGroup);
		index += together;
	}
}

/**
 * Free clusters as the descriptors count them, for display: no checksum is verified. On a mounted volume this is far
 * nearer to the truth than the superblock, which Linux updates rarely.
 * @returns undefined when a descriptor is impossible, which also ends the reading of a table that is none
 */
export async function countFreeClusters(
	volume: ByteSource,
	geometry: Geometry,
	signal: AbortSignal | undefined,
): Promise<number | undefined> {
	let free = 0;
	for await (const piece of readDescriptors(volume, geometry, signal)) {
		for (let i = 0; i < piece.count; i++) {
			if (piece.impossible(i) !== undefined) return undefined;
			free += piece.freeClusters(i);
		}
	}
	return free;
}
