import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { u64 } from '../../base/struct.ts';
import { ChunkMap } from './chunk-map.ts';
import { keySize } from './key.ts';
import { Item, keyType, NodeHeader, objectId, RootItem } from './structures.ts';
import type { BtrfsSuperblock } from './superblock.ts';
import { TreeReader, type NodeReference } from './tree.ts';

const number = u64(0);
const idOffset = Item.offset.objectid;
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
 * Finds the root of the extent tree in the root tree.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`
 */
export async function findExtentTree(reader: TreeReader, sb: BtrfsSuperblock): Promise<NodeReference> {
	let found: NodeReference | undefined;
	const root = { logical: sb.root, generation: sb.generation, level: sb.rootLevel, owner: objectId.rootTree };
	await reader.walk(root, (node, items) => {
		const view = new DataView(node.buffer, node.byteOffset, node.length);
		for (let i = 0, at = NodeHeader.size; i < items; i++, at += Item.size) {
			if (node[at + Item.offset.type] !== keyType.rootItem) continue;
			if (
				view.getUint32(at + idOffset, true) !== objectId.extentTree ||
				view.getUint32(at + idOffset + 4, true) !== 0
			) {
				continue;
			}
			const item = new RootItem(itemData(node, at));
			found = { logical: item.bytenr, generation: item.generation, level: item.level, owner: objectId.extentTree };
		}
	});
	if (found === undefined) throw damaged('structure-damaged', 'Btrfs root tree', sb.root, 'an extent tree', 'none');
	return found;
}

/** The data of the item whose entry is at `at` of the leaf. */
function itemData(node: Uint8Array, at: number): Uint8Array {
	const { offset, size } = new Item(node, at);
	const start = NodeHeader.size + offset;
	if (start + size > node.length) {
		throw damaged('structure-damaged', 'Btrfs item, end of its data', at, `at most ${node.length}`, start + size);
	}
	return node.subarray(start, start + size);
}
