import type { ByteSource } from '../../../../base/bytes.ts';
import { readBytes } from '../../../../base/bytes.ts';
import { damaged } from '../../../../base/errors.ts';
import type { BlockRun, ContentMap, OnMapBlock } from './content-map.ts';
import { checkBlocks } from './content-map.ts';
import type { Geometry } from '../../geometry.ts';
import type { Inode } from '../inode.ts';
import { InodeBase } from '../file-structures.ts';
import { Recent } from '../recent.ts';

/** Numbers of blocks in the inode itself; three more lead to the indirect, double and triple indirect blocks. */
const direct = 12;

/** Indirect blocks of one file that are kept. */
const keptBlocks = 16;

/** The block numbers of an indirect block, or of the inode, and the byte of the volume where they lie. */
interface Numbers {
	readonly view: DataView;
	readonly position: number;
}

/** The map of ext2 and ext3: for every block a number of 32 bits, 0 for a hole. It has no checksums. */
export class BlockMap implements ContentMap {
	readonly #geometry: Geometry;
	readonly #inode: Inode;
	readonly #inodeNumbers: Numbers;
	readonly #indirect: Recent<Numbers>;

	constructor(volume: ByteSource, geometry: Geometry, inode: Inode, onBlock?: OnMapBlock) {
		this.#geometry = geometry;
		this.#inode = inode;
		this.#inodeNumbers = { view: viewOf(inode.block), position: inode.position + InodeBase.offset.block };
		this.#indirect = new Recent(keptBlocks, async (block) => {
			onBlock?.(block);
			const position = block * geometry.blockSize;
			return { view: viewOf(await readBytes(volume, position, geometry.blockSize)), position };
		});
	}

	async runAt(block: number): Promise<BlockRun> {
		if (block < direct) return this.#scan(this.#inodeNumbers, block, direct);
		const perBlock = this.#geometry.blockSize / 4;
		let within = block - direct;
		let level = 1;
		let span = perBlock;
		for (; within >= span; span *= perBlock) {
			within -= span;
			if (++level > 3) {
				const what = `Map of inode ${this.#inode.number}`;
				throw damaged('structure-damaged', what, this.#inode.position, 'at most triple indirect', `block ${block}`);
			}
		}
		let numbers = this.#inodeNumbers;
		let index = direct + level - 1;
		for (; level > 0; level--) {
			const next = numbers.view.getUint32(index * 4, true);
			if (next === 0) return { start: undefined, count: span - within };
			this.#check(numbers, index, next, 1);
			numbers = await this.#indirect.get(next);
			span /= perBlock;
			index = Math.floor(within / span);
			within %= span;
		}
		return this.#scan(numbers, index, perBlock);
	}

	/** The numbers from `from` on that follow each other, or that are all 0. */
	#scan(numbers: Numbers, from: number, end: number): BlockRun {
		const { view } = numbers;
		const start = view.getUint32(from * 4, true);
		const step = start === 0 ? 0 : 1;
		let count = 1;
		while (from + count < end && view.getUint32((from + count) * 4, true) === start + count * step) count++;
		if (start === 0) return { start: undefined, count };
		this.#check(numbers, from, start, count);
		return { start, count };
	}

	#check(numbers: Numbers, index: number, start: number, count: number): void {
		const what = `Block number in the map of inode ${this.#inode.number}`;
		checkBlocks(this.#geometry, start, count, what, numbers.position + index * 4);
	}
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
