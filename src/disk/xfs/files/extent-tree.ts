import { damaged } from '../../../base/errors.ts';
import { readBlocks } from '../../read-blocks.ts';
import { placeOfBlocks, type Geometry } from '../geometry.ts';
import type { Inode } from './inode.ts';
import { checkSelfDescription } from '../self-describing.ts';
import { ExtentBlock, extentHeader4, magic } from '../structures.ts';

/** Bytes of a record of a leaf; and as many of a key and a block number of an inner block. */
const recordSize = 16;
const keySize = 8;
const pointerSize = 8;

/** Level and number of records, at the start of the root. */
const rootHeader = 4;

/** No tree is higher: the largest number of extents (2^48) in half full blocks of 1 KiB. */
const maxLevels = 11;

/** Tree blocks of one level in memory at once. */
const batch = 64;

/** Gets the records of a leaf: its bytes, where in them the records begin, their number, where the leaf lies. */
export type OnLeaf = (bytes: Uint8Array, from: number, count: number, at: number) => void;

/** Is told the byte of the partition where a block of a tree begins, before it is read. */
export type OnTreeBlock = (at: number) => void;

/**
 * Walks the B+tree of an inode's extents, whose root is the data fork, from left to right. The level shrinks with each
 * step and no block is empty; `onLeaf` must throw when extents do not ascend, so that no loop in damaged pointers can go on.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`
 */
export async function walkExtentTree(
	geometry: Geometry,
	inode: Inode,
	onLeaf: OnLeaf,
	onBlock?: OnTreeBlock,
	signal?: AbortSignal,
): Promise<void> {
	const { sb, version } = geometry.volume;
	const what = `XFS extents of inode ${inode.number}`;
	const header = version === 5 ? ExtentBlock.size : extentHeader4;
	const fail = (field: string, at: number, expected: string | number, found: string | number) =>
		damaged('structure-damaged', `${what}, ${field}`, at, expected, found);

	/** Where the children of an inner block lie; the numbers stand behind the room for the keys. */
	const children = (bytes: Uint8Array, from: number, count: number, at: number): number[] => {
		const most = Math.floor((bytes.length - from) / (keySize + pointerSize));
		if (count < 1 || count > most) throw fail('number of records', at, `1 to ${most}`, count);
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		return Array.from({ length: count }, (_, i) => {
			const pointer = from + most * keySize + i * pointerSize;
			const block = view.getUint32(pointer) * 2 ** 32 + view.getUint32(pointer + 4);
			const place = placeOfBlocks(geometry, block, 1);
			if (place === undefined) throw fail('child block', at, 'one within the groups', block);
			return place;
		});
	};

	const visit = async (places: readonly number[], level: number): Promise<void> => {
		for (let i = 0; i < places.length; i += batch) {
			const some = places.slice(i, i + batch);
			if (onBlock !== undefined) some.forEach((at) => onBlock(at));
			const blocks = await readBlocks(geometry.source, some, sb.blocksize, signal);
			for (const [k, bytes] of blocks.entries()) {
				const at = some[k]!;
				const block = new ExtentBlock(bytes);
				const expected = version === 5 ? magic.extents : magic.extents4;
				if (block.magic !== expected) throw fail('magic number', at, expected, block.magic);
				if (version === 5) {
					checkSelfDescription(what, geometry, bytes, ExtentBlock.offset.crc, block, { at, owner: inode.number });
				}
				if (block.level !== level) throw fail('level', at, level, block.level);
				if (level > 0) {
					await visit(children(bytes, header, block.numrecs, at), level - 1);
					continue;
				}
				const most = Math.floor((bytes.length - header) / recordSize);
				if (block.numrecs < 1 || block.numrecs > most) {
					throw fail('number of records', at, `1 to ${most}`, block.numrecs);
				}
				onLeaf(bytes, header, block.numrecs, at);
			}
		}
	};

	const { fork, at } = inode;
	if (fork.length < rootHeader) throw fail('root', at, `${rootHeader} bytes`, fork.length);
	const root = new DataView(fork.buffer, fork.byteOffset, fork.length);
	const level = root.getUint16(0);
	if (level < 1 || level >= maxLevels) throw fail('level of the root', at, `1 to ${maxLevels - 1}`, level);
	await visit(children(fork, rootHeader, root.getUint16(2), at), level - 1);
}
