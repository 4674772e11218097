import type { ByteSource } from '../../base/bytes.ts';
import { readBytes } from '../../base/bytes.ts';
import { damaged, type AfterimageError } from '../../base/errors.ts';
import { readBlocks } from '../read-blocks.ts';
import { checksumMatches } from './checksum.ts';
import type { ChunkMap } from './chunk-map.ts';
import { compareKeys, keySize } from './key.ts';
import { Item, KeyPointer, NodeHeader } from './structures.ts';
import { maxLevels, nodeUuid, type BtrfsSuperblock } from './superblock.ts';

/** A node and what its parent (or the superblock, or a root item) says of it. */
export interface NodeReference {
	/** Logical address. */
	readonly logical: number;
	readonly generation: number;
	readonly level: number;
	/** The tree it belongs to. */
	readonly owner: number;
	/** First key of the node; undefined for a root, of which nobody tells. */
	readonly firstKey?: Uint8Array;
}

/** Receives the leaves of a tree from left to right: the node, and the number of its items. */
export type OnLeaf = (node: Uint8Array, items: number) => void;

/** Memory for nodes of one level. */
const batchBytes = 1024 * 1024;

/** Reads the trees of a file system through its map of chunks. */
export class TreeReader {
	readonly #source: ByteSource;
	readonly #sb: BtrfsSuperblock;
	readonly #chunks: ChunkMap;
	readonly #signal: AbortSignal | undefined;

	constructor(source: ByteSource, sb: BtrfsSuperblock, chunks: ChunkMap, signal: AbortSignal | undefined) {
		this.#source = source;
		this.#sb = sb;
		this.#chunks = chunks;
		this.#signal = signal;
	}

	/**
	 * Walks a tree. The level shrinks with each step down and all keys must ascend, so no loop in damaged pointers can
	 * go on. Of a node with two copies the second is taken when the first is damaged.
	 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`
	 */
	async walk(root: NodeReference, onLeaf: OnLeaf): Promise<void> {
		if (root.level >= maxLevels) {
			throw damaged('structure-damaged', 'Btrfs tree root, level', root.logical, `less than ${maxLevels}`, root.level);
		}
		await this.#visit([root], onLeaf);
	}

	async #visit(references: readonly NodeReference[], onLeaf: OnLeaf): Promise<void> {
		const batch = Math.max(1, batchBytes / this.#sb.nodesize);
		for (let i = 0; i < references.length; i += batch) {
			const some = references.slice(i, i + batch);
			const nodes = await readBlocks(
				this.#source,
				some.map((reference) => this.#places(reference)[0]!),
				this.#sb.nodesize,
				this.#signal,
			);
			for (const [k, bytes] of nodes.entries()) {
				const node = await this.#sound(bytes, some[k]!);
				const items = new NodeHeader(node).nritems;
				if (some[k]!.level === 0) onLeaf(node, items);
				else await this.#visit(this.#children(node, items, some[k]!), onLeaf);
			}
		}
	}

	/** The node as read, or its other copy when it is damaged. */
	async #sound(bytes: Uint8Array, reference: NodeReference): Promise<Uint8Array> {
		const places = this.#places(reference);
		const failure = this.#check(bytes, reference, places[0]!);
		if (failure === undefined) return bytes;
		if (places.length < 2) throw failure;
		const other = await readBytes(this.#source, places[1]!, this.#sb.nodesize);
		if (this.#check(other, reference, places[1]!) !== undefined) throw failure;
		return other;
	}

	#places({ logical }: NodeReference): number[] {
		const places: number[] = [];
		const { nodesize, sectorsize } = this.#sb;
		const found = logical % sectorsize === 0 && this.#chunks.locate(logical, nodesize, (at) => places.push(at));
		if (!found) throw damaged('structure-damaged', 'Btrfs tree node', logical, 'an address in a chunk', logical);
		return places;
	}

	#check(bytes: Uint8Array, reference: NodeReference, at: number): AfterimageError | undefined {
		const header = new NodeHeader(bytes);
		const damage = (field: string, expected: string | number, found: string | number) =>
			damaged('structure-damaged', `Btrfs tree node, ${field}`, at, expected, found);
		if (!checksumMatches(this.#sb.csumType, bytes)) {
			return damage('checksum', 'a matching one', Buffer.from(header.csum.subarray(0, 4)).toString('hex'));
		}
		if (Buffer.compare(header.fsid, nodeUuid(this.#sb)) !== 0)
			return damage('UUID', 'that of the superblock', 'another');
		if (header.bytenr !== reference.logical) return damage('own address', reference.logical, header.bytenr);
		const { generation, level, owner, firstKey } = reference;
		if (header.generation !== generation) return damage('generation', generation, header.generation);
		if (header.level !== level) return damage('level', level, header.level);
		if (header.owner !== owner) return damage('owner', owner, header.owner);
		const entry = level === 0 ? Item.size : KeyPointer.size;
		const most = Math.floor((bytes.length - NodeHeader.size) / entry);
		const least = level === 0 && firstKey === undefined ? 0 : 1;
		if (header.nritems < least || header.nritems > most) {
			return damage('number of items', `${least} to ${most}`, header.nritems);
		}
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		for (let i = 1, key = NodeHeader.size; i < header.nritems; i++, key += entry) {
			if (compareKeys(view, key, view, key + entry) >= 0) return damage('order of keys', 'ascending', `item ${i}`);
		}
		if (firstKey !== undefined) {
			const own = bytes.subarray(NodeHeader.size, NodeHeader.size + keySize);
			if (Buffer.compare(own, firstKey) !== 0) return damage('first key', 'that of its parent', 'another');
		}
		return undefined;
	}

	#children(node: Uint8Array, items: number, { level, owner }: NodeReference): NodeReference[] {
		return Array.from({ length: items }, (_, i) => {
			const at = NodeHeader.size + i * KeyPointer.size;
			const pointer = new KeyPointer(node, at);
			return {
				logical: pointer.blockptr,
				generation: pointer.generation,
				level: level - 1,
				owner,
				firstKey: node.subarray(at, at + keySize),
			};
		});
	}
}
