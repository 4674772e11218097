import { damaged } from '../../../base/errors.ts';
import { crc32c } from '../../crc32c.ts';
import { attributeMagic, FileType, InodeBase, InodeExtra, InodeFlag } from './file-structures.ts';
import type { Geometry } from '../geometry.ts';
import { GroupDescriptorHigh } from '../structures.ts';

const baseSize = InodeBase.size;

/** What `extraSize` is at least where these fields of {@link InodeExtra} are in use. */
const checksumHighEnd = InodeExtra.offset.checksumHigh + 2 - baseSize;

/** What `i_blocks` counts, in bytes. */
const sectorSize = 512;

const zeros = new Uint8Array(2);
const numbers = new Uint8Array(8);
const numbersView = new DataView(numbers.buffer);

/** A file, folder or whatever else, as its inode describes it. Checked as far as the inode alone allows. */
export class Inode {
	readonly number: number;
	/** Byte of the volume where it lies. */
	readonly position: number;
	/** `i_mode`: what it is, and its permissions. */
	readonly mode: number;
	/** Bytes. */
	readonly size: number;
	/** Bytes of its blocks, those of its map among them, and of inline data. */
	readonly allocated: number;
	/** Milliseconds since 1970, UTC. */
	readonly accessed: number;
	readonly changed: number;
	readonly modified: number;
	readonly flags: number;
	/** `i_block`: 60 bytes that hold the contents, or where they lie. */
	readonly block: Uint8Array;
	/** Whether the contents take blocks, besides one that may hold attributes. */
	readonly hasBlocks: boolean;
	/** State after what the checksums of all that belongs to the inode begin with; only with crc32c. */
	readonly seed: number;
	/** What follows the fields in use, where that begins as attributes do. */
	readonly tail: Uint8Array;
	/** Byte of the volume where `tail` lies. */
	readonly tailPosition: number;
	/** `i_file_acl`: block that holds attributes too; 0 for none. Not checked. */
	readonly attributeBlock: number;
	readonly owner: { readonly uid: number; readonly gid: number };
	/** Names of it. */
	readonly links: number;
	readonly generation: number;
	/** `i_atime` and `i_mtime` as stored: an inode that holds an attribute keeps other things there. */
	readonly accessedSeconds: number;
	readonly modifiedSeconds: number;

	/**
	 * @param bytes the whole inode
	 * @param holdsAttribute whether it is to be one that holds the value of an attribute, instead of a file or folder
	 * @throws AfterimageError `structure-damaged`
	 */
	constructor(geometry: Geometry, number: number, bytes: Uint8Array, position: number, holdsAttribute = false) {
		const base = new InodeBase(bytes);
		const wrong = (field: keyof typeof InodeBase.offset, expected: string, found: string | number) => {
			const at = position + InodeBase.offset[field];
			return damaged('structure-damaged', `ext4_inode.${field} of inode ${number}`, at, expected, found);
		};
		this.number = number;
		this.position = position;
		const extra = bytes.length > baseSize ? new InodeExtra(bytes) : undefined;
		const extraSize = extra?.extraSize ?? 0;
		if (extraSize % 4 !== 0 || baseSize + extraSize > bytes.length) {
			const at = position + InodeExtra.offset.extraSize;
			const expected = `a multiple of 4 up to ${bytes.length - baseSize}`;
			throw damaged('structure-damaged', `ext4_inode.extraSize of inode ${number}`, at, expected, extraSize);
		}
		numbersView.setUint32(0, number, true);
		numbersView.setUint32(4, base.generation, true);
		this.seed = geometry.checksums.kind === 'crc32c' ? crc32c(geometry.checksums.seed, numbers) : 0;
		if (geometry.checksums.kind === 'crc32c') {
			const high = extra !== undefined && extraSize >= checksumHighEnd;
			const stored = base.checksumLow + (high ? extra.checksumHigh * 0x1_0000 : 0);
			const whole = inodeChecksum(this.seed, bytes, high);
			const real = high ? whole : whole & 0xffff;
			if (stored !== real) throw wrong('checksumLow', `0x${real.toString(16)}`, `0x${stored.toString(16)}`);
		}
		if (base.links === 0) throw wrong('links', 'at least 1', 'a deleted inode');
		this.mode = base.mode;
		this.flags = base.flags;
		if (this.has(InodeFlag.attributeInode) !== holdsAttribute) {
			const kinds = ['a file or folder', 'an inode that holds attributes'] as const;
			throw wrong('flags', kinds[holdsAttribute ? 1 : 0], kinds[holdsAttribute ? 0 : 1]);
		}
		const type = this.mode & FileType.mask;
		const wide = type === FileType.file || (type === FileType.folder && geometry.largeFolders);
		this.size = base.sizeLow + (wide ? base.sizeHigh * 0x1_0000_0000 : 0);
		const most = mostBytes(geometry.blockSize, this.flags);
		if (this.size > most) throw wrong('sizeLow', `at most ${most} bytes`, this.size);
		const time = (field: 'accessed' | 'changed' | 'modified') => {
			const inUse = extra !== undefined && extraSize >= InodeExtra.offset[`${field}Extra`] + 4 - baseSize;
			return timeOf(base[field], inUse ? extra[`${field}Extra`] : 0);
		};
		this.accessed = time('accessed');
		this.changed = time('changed');
		this.modified = time('modified');
		// Copies, since listings keep inodes for long, and these lie in all that was read with them.
		this.block = base.block.slice();
		const wideNumbers = geometry.descriptorSize >= GroupDescriptorHigh.size;
		this.attributeBlock = base.attributesLow + (wideNumbers ? base.attributesHigh * 0x1_0000_0000 : 0);
		const attributeSectors = this.attributeBlock === 0 ? 0 : (geometry.clusterRatio * geometry.blockSize) / sectorSize;
		this.hasBlocks = base.blocksHigh !== 0 || base.blocksLow !== attributeSectors;
		const unit = this.has(InodeFlag.hugeFile) ? geometry.blockSize : sectorSize;
		const inBlocks = (base.blocksLow + base.blocksHigh * 0x1_0000_0000) * unit;
		// As Linux has it: programs take a file of no blocks for one of zeros.
		this.allocated = inBlocks + (this.has(InodeFlag.inlineData) ? this.size : 0);
		const tail = bytes.subarray(baseSize + extraSize);
		this.tail = hasAttributes(tail) ? tail.slice() : new Uint8Array(0);
		this.tailPosition = position + baseSize + extraSize;
		this.owner = {
			uid: base.userLow + base.userHigh * 0x1_0000,
			gid: base.groupLow + base.groupHigh * 0x1_0000,
		};
		this.links = base.links;
		this.generation = base.generation;
		this.accessedSeconds = base.accessed;
		this.modifiedSeconds = base.modified;
	}

	has(flag: number): boolean {
		return (this.flags & flag) !== 0;
	}
}

/** @param extra its two lowest bits extend the signed seconds, the others are nanoseconds */
function timeOf(seconds: number, extra: number): number {
	return ((seconds | 0) + (extra & 3) * 0x1_0000_0000) * 1000 + Math.floor((extra >>> 2) / 1_000_000);
}

/** Bytes of the magic number before the attributes of an inode, from whose end the offsets of their values count. */
export const attributesHeader = 4;

/** Whether what follows the fields of an inode begins as attributes do. */
function hasAttributes(tail: Uint8Array): boolean {
	if (tail.length < 2 * attributesHeader) return false;
	const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
	return view.getUint32(0, true) === attributeMagic && view.getUint32(attributesHeader, true) !== 0;
}

/** `i_checksum`: the whole inode with zeros in place of the two fields that hold it (`ext4_inode_csum`). */
function inodeChecksum(seed: number, bytes: Uint8Array, high: boolean): number {
	const low = InodeBase.offset.checksumLow;
	let state = crc32c(crc32c(seed, bytes, 0, low), zeros);
	if (!high) return crc32c(state, bytes, low + 2);
	const upper = InodeExtra.offset.checksumHigh;
	state = crc32c(crc32c(state, bytes, low + 2, upper), zeros);
	return crc32c(state, bytes, upper + 2);
}

/** What extents can map (32 bits of blocks), or the direct, indirect, double and triple indirect blocks. */
function mostBytes(blockSize: number, flags: number): number {
	if ((flags & (InodeFlag.extents | InodeFlag.inlineData)) !== 0) return blockSize * 0x1_0000_0000;
	const numbersPerBlock = blockSize / 4;
	return blockSize * (12 + numbersPerBlock + numbersPerBlock ** 2 + numbersPerBlock ** 3);
}
