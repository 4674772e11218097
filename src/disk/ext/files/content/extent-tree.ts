import type { ByteSource } from '../../../../base/bytes.ts';
import { readBytes } from '../../../../base/bytes.ts';
import { damaged } from '../../../../base/errors.ts';
import type { BlockRun, ContentMap, OnMapBlock } from './content-map.ts';
import { ExtentNode } from './extent-node.ts';
import { InodeBase } from '../file-structures.ts';
import type { Geometry } from '../../geometry.ts';
import type { Inode } from '../inode.ts';
import { Recent } from '../recent.ts';

/** Nodes of one file's tree that are kept: the way to a leaf, and some leaves. */
const keptNodes = 32;

/**
 * The map of ext4. A node lies within the range that its parent gives it, one level below it, so that a way through the
 * tree always ends.
 */
export class ExtentTree implements ContentMap {
	readonly #root: ExtentNode;
	readonly #nodes: Recent<ExtentNode>;
	readonly #inode: Inode;

	/** @throws AfterimageError `structure-damaged` when the root, in the inode, cannot be right */
	constructor(volume: ByteSource, geometry: Geometry, inode: Inode, onBlock?: OnMapBlock) {
		this.#inode = inode;
		this.#root = new ExtentNode(geometry, inode, inode.block, inode.position + InodeBase.offset.block);
		const seed = geometry.checksums.kind === 'crc32c' ? inode.seed : undefined;
		this.#nodes = new Recent(keptNodes, async (block) => {
			onBlock?.(block);
			const position = block * geometry.blockSize;
			const bytes = await readBytes(volume, position, geometry.blockSize);
			return new ExtentNode(geometry, inode, bytes, position, seed);
		});
	}

	async runAt(block: number): Promise<BlockRun> {
		let node = this.#root;
		let end = 0x1_0000_0000;
		for (;;) {
			const index = node.indexOf(block);
			const next = index + 1 < node.entries ? node.first(index + 1) : end;
			if (index < 0) return { start: undefined, count: next - block };
			if (node.depth === 0) {
				const within = block - node.first(index);
				const count = node.count(index) - within;
				if (count <= 0) return { start: undefined, count: next - block };
				return { start: node.isUnwritten(index) ? undefined : node.start(index) + within, count };
			}
			node = await this.#child(node, index, next);
			end = next;
		}
	}

	async #child(parent: ExtentNode, index: number, end: number): Promise<ExtentNode> {
		const child = await this.#nodes.get(parent.start(index));
		const wrong = (what: string, expected: string | number, found: string | number) =>
			damaged(
				'structure-damaged',
				`${what} of an extent node of inode ${this.#inode.number}`,
				child.position,
				expected,
				found,
			);
		if (child.depth !== parent.depth - 1) throw wrong('Depth', parent.depth - 1, child.depth);
		if (child.entries === 0) return child;
		const last = child.entries - 1;
		const reached = child.depth === 0 ? child.end(last) : child.first(last) + 1;
		const start = parent.first(index);
		if (child.first(0) < start || reached > end) {
			throw wrong('Range', `blocks ${start} to ${end - 1}`, `${child.first(0)} to ${reached - 1}`);
		}
		return child;
	}
}
