import type { ByteSource } from '../../base/bytes.ts';
import { readBlocks } from '../read-blocks.ts';
import type { ChunkMap } from './chunk-map.ts';
import { NodeReader } from './node-reader.ts';
import { checkRootLevel, childReference, type NodeReference } from './node-reference.ts';
import { NodeHeader } from './structures.ts';
import type { BtrfsSuperblock } from './superblock.ts';

/** Receives the leaves of a tree from left to right: the node, and the number of its items. */
export type OnLeaf = (node: Uint8Array, items: number) => void;

/** Memory for nodes of one level. */
const batchBytes = 1024 * 1024;

/** Reads whole trees of a file system through its map of chunks. */
export class TreeReader {
	readonly #source: ByteSource;
	readonly #sb: BtrfsSuperblock;
	readonly #nodes: NodeReader;
	readonly #signal: AbortSignal | undefined;

	constructor(source: ByteSource, sb: BtrfsSuperblock, chunks: ChunkMap, signal: AbortSignal | undefined) {
		this.#source = source;
		this.#sb = sb;
		this.#nodes = new NodeReader(source, sb, chunks);
		this.#signal = signal;
	}

	/**
	 * Walks a tree. The level shrinks with each step down and all keys must ascend, so no loop in damaged pointers can
	 * go on. Of a node with two copies the second is taken when the first is damaged.
	 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`
	 */
	async walk(root: NodeReference, onLeaf: OnLeaf): Promise<void> {
		checkRootLevel(root);
		await this.#visit([root], onLeaf);
	}

	async #visit(references: readonly NodeReference[], onLeaf: OnLeaf): Promise<void> {
		const batch = Math.max(1, batchBytes / this.#sb.nodesize);
		for (let i = 0; i < references.length; i += batch) {
			const some = references.slice(i, i + batch);
			const nodes = await readBlocks(
				this.#source,
				some.map((reference) => this.#nodes.places(reference)[0]!),
				this.#sb.nodesize,
				this.#signal,
			);
			for (const [k, bytes] of nodes.entries()) {
				const reference = some[k]!;
				const node = await this.#nodes.sound(bytes, reference);
				const items = new NodeHeader(node).nritems;
				if (reference.level === 0) onLeaf(node, items);
				else {
					const children = Array.from({ length: items }, (_, child) => childReference(node, child, reference));
					await this.#visit(children, onLeaf);
				}
			}
		}
	}
}
