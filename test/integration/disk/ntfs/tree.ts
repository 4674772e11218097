import type { FileTree, TreeNode } from '../../../../src/disk/files.ts';
import { ntfsDriver } from '../../../../src/disk/ntfs/driver.ts';
import { fileSource } from '../../../support/byte-files.ts';
import { decompressors, walkTree } from '../../../support/walk-tree.ts';

/** Calls `fn` with the files of an image of NTFS. */
export async function withTree<T>(image: string, fn: (tree: FileTree) => Promise<T>): Promise<T> {
	const source = await fileSource(image);
	try {
		const fileSystem = (await ntfsDriver.open(source, {}))!;
		return await fn(await fileSystem.openFiles!({ decompressors }));
	} finally {
		await source.close();
	}
}

/** Every node below the root by its path. */
export async function nodesOf(tree: FileTree): Promise<Map<string, TreeNode>> {
	const nodes = new Map<string, TreeNode>();
	await walkTree(tree, (path, node) => void nodes.set(path, node));
	return nodes;
}
