import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { readBlocks } from '../read-blocks.ts';
import type { Group } from './agf.ts';
import { checksumMatches } from './checksum.ts';
import { basicBlock, BtreeBlock, btreeHeader4, magic, noBlock } from './structures.ts';
import type { XfsVolume } from './superblock.ts';

const recordSize = 8;
/** A key (the first record of the child) and the number of the child's block. */
const keySize = 8;
const pointerSize = 4;

const magics4 = { block: magic.freeByBlock4, length: magic.freeByLength4 } as const;

/** Memory for tree blocks of one level. */
const batchBytes = 512 * 1024;

/** Receives the free extents of a group, in ascending order: first block in the group, number of blocks. */
export type OnFree = (start: number, count: number) => void;

/** Both list all free extents of a group, one in the order of their blocks, the other in that of their lengths. */
type TreeOrder = 'block' | 'length';

/**
 * Walks the group's B+tree of free space by block number, level by level down, left to right. The level shrinks with
 * each step and every block must name the one before it on its level, so no loop in damaged pointers can go on. Version 4 has
 * no checksums, and a wrong start changes neither the sum nor the longest extent: there the tree by length must list the same.
 * @throws AfterimageError `structure-damaged` at the first thing that does not fit, or when the sum differs from the AGF's;
 * `onFree` may have been told some or all extents by then
 */
export async function walkFreeSpace(
	source: ByteSource,
	volume: XfsVolume,
	group: Group,
	onFree: OnFree,
	signal?: AbortSignal,
): Promise<void> {
	const { agf } = group;
	const walk = new FreeSpaceWalk(source, volume, group, 'block', onFree, signal);
	await walk.visit([agf.bnoRoot], agf.bnoLevel - 1, true);
	walk.finish();
	if (volume.version !== 4) return;
	const other = new FreeSpaceWalk(source, volume, group, 'length', () => undefined, signal);
	await other.visit([agf.cntRoot], agf.cntLevel - 1, true);
	other.finish();
	if (other.digest !== walk.digest) {
		const at = group.start + agf.cntRoot * volume.sb.blocksize;
		const what = `XFS free-space trees of group ${group.number}`;
		throw damaged('structure-damaged', what, at, 'the same extents by block and by length', 'others');
	}
}

class FreeSpaceWalk {
	readonly #source: ByteSource;
	readonly #volume: XfsVolume;
	readonly #group: Group;
	readonly #order: TreeOrder;
	readonly #onFree: OnFree;
	readonly #signal: AbortSignal | undefined;
	readonly #headerSize: number;
	/** Last block visited on each level, and what it calls its right sibling. */
	readonly #previous: { block: number; right: number }[] = [];
	/** First block that the next extent may begin with. */
	#next: number;
	#free = 0;
	#longest = 0;
	#digest = 0;

	constructor(
		source: ByteSource,
		volume: XfsVolume,
		group: Group,
		order: TreeOrder,
		onFree: OnFree,
		signal: AbortSignal | undefined,
	) {
		this.#source = source;
		this.#volume = volume;
		this.#group = group;
		this.#order = order;
		this.#onFree = onFree;
		this.#signal = signal;
		this.#headerSize = volume.version === 5 ? BtreeBlock.size : btreeHeader4;
		this.#next = group.headerBlocks;
	}

	/** Of all extents met, whatever their order: differs where a single one has another start or length. */
	get digest(): number {
		return this.#digest;
	}

	async visit(pointers: readonly number[], level: number, root: boolean): Promise<void> {
		const size = this.#volume.sb.blocksize;
		const batch = Math.max(1, Math.floor(batchBytes / size));
		for (let i = 0; i < pointers.length; i += batch) {
			const some = pointers.slice(i, i + batch);
			const offsets = some.map((block) => this.#group.start + block * size);
			const blocks = await readBlocks(this.#source, offsets, size, this.#signal);
			for (const [k, bytes] of blocks.entries()) {
				const count = this.#checkHeader(bytes, some[k]!, level, root);
				if (level === 0) this.#leaf(bytes, some[k]!, count);
				else await this.visit(this.#children(bytes, some[k]!, count), level - 1, false);
			}
		}
	}

	finish(): void {
		const { agf } = this.#group;
		for (const { block, right } of this.#previous) {
			if (right !== noBlock) throw this.#damage('right sibling', block, 'none', right);
		}
		if (this.#free !== agf.freeblks) throw this.#damage('sum of free blocks', agf.bnoRoot, agf.freeblks, this.#free);
		if (this.#longest !== agf.longest) throw this.#damage('longest extent', agf.bnoRoot, agf.longest, this.#longest);
	}

	/** @returns the number of records */
	#checkHeader(bytes: Uint8Array, block: number, level: number, root: boolean): number {
		const header = new BtreeBlock(bytes);
		const { version, metaUuid, sb } = this.#volume;
		const expected = version === 5 ? magic.freeByBlock : magics4[this.#order];
		if (header.magic !== expected) throw this.#damage('magic number', block, expected, header.magic);
		if (version === 5) {
			if (!checksumMatches(bytes, BtreeBlock.offset.crc)) {
				throw this.#damage('checksum', block, 'a matching CRC-32C', header.crc);
			}
			const address = (this.#group.start + block * sb.blocksize) / basicBlock;
			if (header.blkno !== address) throw this.#damage('own address', block, address, header.blkno);
			if (header.owner !== this.#group.number) throw this.#damage('owner', block, this.#group.number, header.owner);
			if (Buffer.compare(header.uuid, metaUuid) !== 0) {
				throw this.#damage('UUID', block, 'that of the superblock', header.uuid[0]!);
			}
		}
		if (header.level !== level) throw this.#damage('level', block, level, header.level);
		const entry = level === 0 ? recordSize : keySize + pointerSize;
		const most = Math.floor((sb.blocksize - this.#headerSize) / entry);
		const least = level === 0 && root ? 0 : 1;
		if (header.numrecs < least || header.numrecs > most) {
			throw this.#damage('number of records', block, `${least} to ${most}`, header.numrecs);
		}
		const before = this.#previous[level] ?? { block: noBlock, right: block };
		if (before.right !== block) throw this.#damage('right sibling', before.block, block, before.right);
		if (header.leftsib !== before.block) throw this.#damage('left sibling', block, before.block, header.leftsib);
		this.#previous[level] = { block, right: header.rightsib };
		return header.numrecs;
	}

	#leaf(bytes: Uint8Array, block: number, count: number): void {
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		for (let i = 0, at = this.#headerSize; i < count; i++, at += recordSize) {
			const start = view.getUint32(at);
			const length = view.getUint32(at + 4);
			if (start < this.#next) throw this.#damage('free extent', block, `at least ${this.#next}`, start);
			if (length === 0 || start + length > this.#group.blocks) {
				throw this.#damage('length of a free extent', block, `1 to ${this.#group.blocks - start}`, length);
			}
			if (this.#order === 'block') this.#next = start + length;
			this.#free += length;
			// Odd factors lose nothing of 32 bits.
			this.#digest = (this.#digest + Math.imul(Math.imul(start, 0x9e37_79b1) ^ length, 0x85eb_ca6b)) | 0;
			if (length > this.#longest) this.#longest = length;
			this.#onFree(start, length);
		}
	}

	#children(bytes: Uint8Array, block: number, count: number): number[] {
		const { blocksize } = this.#volume.sb;
		const most = Math.floor((blocksize - this.#headerSize) / (keySize + pointerSize));
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		const pointers: number[] = [];
		for (let i = 0, at = this.#headerSize + most * keySize; i < count; i++, at += pointerSize) {
			const child = view.getUint32(at);
			if (child < this.#group.headerBlocks || child >= this.#group.blocks) {
				throw this.#damage('child block', block, `less than ${this.#group.blocks}`, child);
			}
			pointers.push(child);
		}
		return pointers;
	}

	#damage(field: string, block: number, expected: string | number, found: string | number): Error {
		const at = this.#group.start + (block === noBlock ? 0 : block) * this.#volume.sb.blocksize;
		return damaged(
			'structure-damaged',
			`XFS free-space tree of group ${this.#group.number}, ${field}`,
			at,
			expected,
			found,
		);
	}
}
