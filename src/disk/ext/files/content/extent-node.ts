import { damaged } from '../../../../base/errors.ts';
import { crc32c } from '../../../crc32c.ts';
import { checkBlocks } from './content-map.ts';
import { Extent, ExtentHeader, ExtentIndex, extentMagic } from '../file-structures.ts';
import type { Geometry } from '../../geometry.ts';
import type { Inode } from '../inode.ts';

/** The kernel's `EXT4_MAX_EXTENT_DEPTH`: with blocks of 1 KiB, that many levels hold all that 32 bits of blocks can need. */
const deepest = 5;

/** `ee_len` above this counts the blocks of an extent that was allocated and never written. */
const longestWritten = 32768;

const entrySize = Extent.size;

/** A node of an extent tree, checked as far as it can be without its parent. */
export class ExtentNode {
	/** 0 for a leaf. */
	readonly depth: number;
	readonly entries: number;
	/** Byte of the volume where it lies. */
	readonly position: number;
	readonly #view: DataView;

	/**
	 * @param bytes the block, or the 60 bytes of the inode
	 * @param protectedBy the state with which the checksum behind its entries begins; undefined when it has none
	 * @throws AfterimageError `structure-damaged`
	 */
	constructor(geometry: Geometry, inode: Inode, bytes: Uint8Array, position: number, protectedBy?: number) {
		const header = new ExtentHeader(bytes);
		const of = `of inode ${inode.number}`;
		const wrong = (field: keyof typeof ExtentHeader.offset, expected: string) => {
			const at = position + ExtentHeader.offset[field];
			return damaged('structure-damaged', `ext4_extent_header.${field} ${of}`, at, expected, header[field]);
		};
		if (header.magic !== extentMagic) throw wrong('magic', String(extentMagic));
		const room = Math.floor((bytes.length - ExtentHeader.size) / entrySize);
		if (header.max === 0 || header.max > room) throw wrong('max', `1 to ${room}`);
		if (header.entries > header.max) throw wrong('entries', `at most ${header.max}`);
		if (header.depth > deepest) throw wrong('depth', `at most ${deepest}`);
		if (header.depth > 0 && header.entries === 0) throw wrong('entries', 'at least 1');
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		if (protectedBy !== undefined) {
			const end = ExtentHeader.size + header.max * entrySize;
			const real = crc32c(protectedBy, bytes, 0, end);
			const stored = this.#view.getUint32(end, true);
			if (real !== stored) {
				const expected = `0x${real.toString(16)}`;
				const found = `0x${stored.toString(16)}`;
				throw damaged('structure-damaged', `ext4_extent_tail.checksum ${of}`, position + end, expected, found);
			}
		}
		this.depth = header.depth;
		this.entries = header.entries;
		this.position = position;
		let reached = 0;
		for (let i = 0; i < this.entries; i++) {
			const what = `${this.depth === 0 ? Extent.structName : ExtentIndex.structName} ${i} ${of}`;
			const at = this.place(i);
			if (this.first(i) < reached)
				throw damaged('structure-damaged', what, at, `block ${reached} or later`, this.first(i));
			reached = this.depth === 0 ? this.end(i) : this.first(i) + 1;
			if (this.depth === 0 && this.count(i) === 0) throw damaged('structure-damaged', what, at, 'a length', 0);
			if (reached > 0x1_0000_0000)
				throw damaged('structure-damaged', what, at, 'less than 2^32 blocks', `block ${reached - 1}`);
			checkBlocks(geometry, this.start(i), this.depth === 0 ? this.count(i) : 1, what, at);
		}
	}

	/** The last entry that begins at or before a block of the file; -1 when all begin behind it. */
	indexOf(block: number): number {
		let low = 0;
		let high = this.entries;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.first(middle) <= block) low = middle + 1;
			else high = middle;
		}
		return low - 1;
	}

	/** The block of the file with which an entry begins. */
	first(index: number): number {
		return this.#view.getUint32(this.#at(index) + Extent.offset.block, true);
	}

	/** The block of the volume where an extent begins, or the node to which an index leads. */
	start(index: number): number {
		const at = this.#at(index);
		const offset = this.depth === 0 ? Extent.offset : undefined;
		const low = this.#view.getUint32(at + (offset?.startLow ?? ExtentIndex.offset.leafLow), true);
		const high = this.#view.getUint16(at + (offset?.startHigh ?? ExtentIndex.offset.leafHigh), true);
		return low + high * 0x1_0000_0000;
	}

	/** Blocks of an extent. */
	count(index: number): number {
		const length = this.#length(index);
		return length > longestWritten ? length - longestWritten : length;
	}

	/** Whether an extent was allocated and never written, so that zeros are read. */
	isUnwritten(index: number): boolean {
		return this.#length(index) > longestWritten;
	}

	/** The block of the file behind an extent. */
	end(index: number): number {
		return this.first(index) + this.count(index);
	}

	/** Byte of the volume where an entry lies. */
	place(index: number): number {
		return this.position + this.#at(index);
	}

	#length(index: number): number {
		return this.#view.getUint16(this.#at(index) + Extent.offset.length, true);
	}

	#at(index: number): number {
		return ExtentHeader.size + index * entrySize;
	}
}
