import { MemoryBytes, type ByteSource } from '../../../src/base/bytes.ts';
import type { DamagedNode, FileNode, FileTree, FolderNode, LinkNode, TreeNode } from '../../../src/disk/files.ts';

/** When all of them were changed: a time that is cut to the millisecond before where it is set as seconds alone. */
export const fileTime = 1_795_986_771_350;

const facts = { modified: fileTime, mode: undefined };

/** Nodes of a file system in memory, which lie in no place of a volume. */
const nowhere = { collectExtents: () => Promise.resolve() };

export function file(name: string, content: string | Uint8Array | ByteSource, mode?: number): FileNode {
	const source =
		typeof content === 'string' || content instanceof Uint8Array ? new MemoryBytes(Buffer.from(content)) : content;
	return { ...facts, ...nowhere, kind: 'file', name, size: source.size, mode, open: () => Promise.resolve(source) };
}

/** @param onList is called each time it is listed */
export function folder(name: string, nodes: readonly TreeNode[], onList?: () => void, mode?: number): FolderNode {
	return {
		...facts,
		...nowhere,
		kind: 'folder',
		name,
		mode,
		list() {
			onList?.();
			return Promise.resolve(nodes);
		},
	};
}

export function link(name: string, target: string): LinkNode {
	return { ...facts, kind: 'link', name, target: () => Promise.resolve(target) };
}

export function damagedNode(name: string, reason: string): DamagedNode {
	return { ...facts, kind: 'damaged', name, reason };
}

export function treeOf(nodes: readonly TreeNode[], caseSensitive = true): FileTree {
	return { root: folder('root', nodes), caseSensitive };
}
