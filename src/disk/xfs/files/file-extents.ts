import { AfterimageError, damaged } from '../../../base/errors.ts';
import { ExtentList, maxExtents } from './extent-list.ts';
import { walkExtentTree, type OnTreeBlock } from './extent-tree.ts';
import { placeOfBlocks, type Geometry } from '../geometry.ts';
import { forkFormat, type Inode } from './inode.ts';

/** Bytes of an extent record: a flag, 54 bits of block in the file, 52 of block on disk, 21 of length. */
const extentSize = 16;

/**
 * Where the data of an inode lies. Extents that were reserved but never written are left out, so that they read as zeros.
 * @param onBlock is told the blocks that hold no data but extents
 * @throws AfterimageError `structure-damaged` when the extents overlap, leave the volume, are not as many as the inode
 * says, or its fork has no extents at all; `not-supported` for more than {@link maxExtents}; `read-error`, `cancelled`
 */
export async function readFileExtents(
	geometry: Geometry,
	inode: Inode,
	signal?: AbortSignal,
	onBlock?: OnTreeBlock,
): Promise<ExtentList> {
	const reader = new ExtentReader(geometry, inode);
	const { fork, extents, format } = inode;
	if (format === forkFormat.extents) {
		const most = Math.floor(fork.length / extentSize);
		if (extents > most) throw reader.damage('number of extents', inode.at, `at most ${most}`, extents);
		reader.take(fork, 0, extents, inode.at);
	} else if (format === forkFormat.tree) {
		await walkExtentTree(geometry, inode, (...leaf) => reader.take(...leaf), onBlock, signal);
	} else {
		throw reader.damage('format of the data fork', inode.at, 'extents or a B+tree', format);
	}
	if (reader.records !== extents) throw reader.damage('number of extents', inode.at, extents, reader.records);
	return reader.list;
}

class ExtentReader {
	readonly #geometry: Geometry;
	readonly #inode: Inode;
	readonly list = new ExtentList();
	records = 0;
	/** First block of the file that the next extent may begin with. */
	#next = 0;

	constructor(geometry: Geometry, inode: Inode) {
		this.#geometry = geometry;
		this.#inode = inode;
	}

	/** Takes `count` records from `from` on; `at` is where their block lies, for messages. */
	take(bytes: Uint8Array, from: number, count: number, at: number): void {
		const { blocksize } = this.#geometry.volume.sb;
		const limit = Math.floor(Number.MAX_SAFE_INTEGER / blocksize);
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		for (let record = from; record < from + count * extentSize; record += extentSize) {
			const word = (index: number) => view.getUint32(record + 4 * index);
			const unwritten = word(0) >= 0x8000_0000;
			const start = (word(0) & 0x7fff_ffff) * 2 ** 23 + (word(1) >>> 9);
			const block = (word(1) & 0x1ff) * 2 ** 43 + word(2) * 2 ** 11 + (word(3) >>> 21);
			const length = word(3) & 0x1f_ffff;
			if (start < this.#next || start + length > limit) {
				throw this.damage('extent', at, `one from block ${this.#next} on`, `${length} blocks from ${start} on`);
			}
			const place = placeOfBlocks(this.#geometry, block, length);
			if (place === undefined) throw this.damage('extent', at, 'blocks of one group', `${length} from ${block} on`);
			// Only what a program reserved for a file's content may lie there without having been written.
			if (unwritten && this.#inode.kind !== 'file') throw this.damage('extent', at, 'written blocks', 'unwritten ones');
			this.#next = start + length;
			this.records++;
			if (unwritten) continue;
			this.list.add(start * blocksize, place, length * blocksize);
			if (this.list.count > maxExtents) {
				throw new AfterimageError('not-supported', `A file in more than ${maxExtents} pieces is not read`);
			}
		}
	}

	damage(field: string, at: number, expected: string | number, found: string | number): AfterimageError {
		return damaged('structure-damaged', `XFS inode ${this.#inode.number}, ${field}`, at, expected, found);
	}
}
