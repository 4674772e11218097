import type { FileNode, FolderNode, TreeNode } from '../../disk/files.ts';
import { extentsOf, type SparseSource } from '../browse/sparse-source.ts';

/** Nodes that stand for what is no file of a backup. */

const facts = { modified: undefined, mode: undefined };
const nowhere = { collectExtents: () => Promise.resolve() };

/** A folder that holds what is given. */
export function folderOf(name: string, nodes: readonly TreeNode[]): FolderNode {
	return { ...facts, ...nowhere, kind: 'folder', name, list: () => Promise.resolve(nodes) };
}

/** The root of a file system as a folder of that name. */
export function rootAs(name: string, root: FolderNode): FolderNode {
	const { accessed, changed, modified, mode, owner, attributes } = root;
	return {
		...{ kind: 'folder', name, accessed, changed, modified, mode, attributes },
		...(owner === undefined ? {} : { owner }),
		list: (signal) => root.list(signal),
		collectExtents: (sink, signal) => root.collectExtents(sink, signal),
	};
}

/** Bytes of a disk or partition as a file. Whoever reads them reads all files, whatever their rights: so only its owner may. */
export function rawFile(name: string, source: SparseSource): FileNode {
	const open = () => Promise.resolve(source);
	const { size } = source;
	return { ...facts, ...nowhere, kind: 'file', name, mode: 0o400, size, allocated: storedBytes(source), open };
}

function storedBytes(source: SparseSource): number {
	let sum = 0;
	let at = 0;
	for (const { end, stored } of extentsOf(source, 0, source.size)) {
		if (stored) sum += end - at;
		at = end;
	}
	return sum;
}

/** Longest name of a folder, in characters of at most 4 bytes: 255 bytes are the most on most systems. */
const longestName = 60;

/** What a partition is called: its number and its label, as far as that has characters of names. */
export function partitionName(partition: number, label: string): string {
	const safe = label
		.replace(/[\p{C}/\\:*?"<>|]/gu, '_')
		.replace(/\s+/g, ' ')
		.trim();
	return `${partition} ${[...safe].slice(0, longestName).join('')}`.trim();
}
