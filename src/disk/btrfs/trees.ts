import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { u64 } from '../../base/struct.ts';
import { ChunkMap } from './chunk-map.ts';
import { keySize, makeKey } from './key.ts';
import type { NodeReference } from './node-reference.ts';
import { itemData, type TreeSearch } from './search.ts';
import { Item, keyType, NodeHeader, objectId, RootItem } from './structures.ts';
import type { BtrfsSuperblock } from './superblock.ts';
import { TreeReader } from './tree.ts';

const number = u64(0);
const keyOffset = Item.offset.keyOffset;

/**
 * Maps the logical addresses: the system chunks from the superblock lead to the chunk tree, which lists all chunks.
 * When a profile turns up that cannot be followed, the map is cut short and says so in `unsupported`.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`
 */
export async function readChunks(source: ByteSource, sb: BtrfsSuperblock, signal?: AbortSignal): Promise<ChunkMap> {
	const system = systemChunks(sb);
	if (system.unsupported !== undefined) return system;
	const chunks = new ChunkMap(sb.devid, sb.devTotalBytes);
	const root: NodeReference = {
		logical: sb.chunkRoot,
		generation: sb.chunkRootGeneration,
		level: sb.chunkRootLevel,
		owner: objectId.chunkTree,
	};
	await new TreeReader(source, sb, system, signal).walk(root, (node, items) => {
		const view = new DataView(node.buffer, node.byteOffset, node.length);
		for (let i = 0, at = NodeHeader.size; i < items; i++, at += Item.size) {
			if (node[at + Item.offset.type] !== keyType.chunkItem) continue;
			chunks.add(number.get(view, at + keyOffset), itemData(node, at));
		}
	});
	return chunks;
}

function systemChunks(sb: BtrfsSuperblock): ChunkMap {
	const chunks = new ChunkMap(sb.devid, sb.devTotalBytes);
	const array = sb.sysChunkArray.subarray(0, sb.sysChunkArraySize);
	const view = new DataView(array.buffer, array.byteOffset, array.length);
	for (let at = 0; at < array.length;) {
		if (at + keySize > array.length || array[at + Item.offset.type] !== keyType.chunkItem) {
			throw damaged('structure-damaged', 'Btrfs superblock, sys_chunk_array', at, 'a chunk', 'something else');
		}
		at += keySize + chunks.add(number.get(view, at + keyOffset), array.subarray(at + keySize));
	}
	return chunks;
}

/**
 * Finds the root of a tree in the root tree.
 * @param id object id of the tree
 * @returns undefined when there is none
 * @throws AfterimageError `structure-damaged`, `read-error`
 */
export async function findTree(
	search: TreeSearch,
	sb: BtrfsSuperblock,
	id: number,
): Promise<NodeReference | undefined> {
	const root = { logical: sb.root, generation: sb.generation, level: sb.rootLevel, owner: objectId.rootTree };
	const key = makeKey(id, keyType.rootItem, 0);
	let found: NodeReference | undefined;
	// Of several the last one counts. A snapshot has the transaction that made it as the offset of its key.
	for await (const item of search.itemsOf(root, key)) {
		const { bytenr, generation, level } = new RootItem(item.data);
		found = { logical: bytenr, generation, level, owner: id };
	}
	return found;
}
