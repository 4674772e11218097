import { damaged } from '../../base/errors.ts';
import { keySize } from './key.ts';
import { KeyPointer, NodeHeader, objectId } from './structures.ts';
import { maxLevels } from './superblock.ts';

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

/** @throws AfterimageError `structure-damaged` for a root of more levels than a tree can have */
export function checkRootLevel(root: NodeReference): void {
	if (root.level < maxLevels) return;
	throw damaged('structure-damaged', 'Btrfs tree root, level', root.logical, `less than ${maxLevels}`, root.level);
}

/** What an inner node says of one of its children. */
export function childReference(node: Uint8Array, index: number, { level, owner }: NodeReference): NodeReference {
	const at = NodeHeader.size + index * KeyPointer.size;
	const pointer = new KeyPointer(node, at);
	return {
		logical: pointer.blockptr,
		generation: pointer.generation,
		level: level - 1,
		owner,
		firstKey: node.subarray(at, at + keySize),
	};
}

/** Trees of files share nodes since snapshots do; a node names the one that wrote it. The others own all their nodes. */
export function mayOwn(owner: number, tree: number): boolean {
	return owner === tree || (isFileTree(owner) && isFileTree(tree));
}

function isFileTree(id: number): boolean {
	return id === objectId.fileTree || id >= objectId.firstFree;
}
