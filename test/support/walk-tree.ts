import { createHash } from 'node:crypto';
import type { ByteSource } from '../../src/base/bytes.ts';
import { isAfterimageError } from '../../src/base/errors.ts';
import type { Decompressors, FileTree, FolderNode, TreeNode } from '../../src/disk/files.ts';
import { createZlibCodec } from '../../src/image/zlib-codec.ts';

const codec = createZlibCodec();

/** Decoders as the engine gives them, on Node's own zstd. */
export const decompressors: Decompressors = { zstd: (source, target) => codec.decompress(source, target) };

/** SHA-256 of a source that is read in pieces of odd lengths, so that no piece is one of the file system's units. */
async function hashSource(source: ByteSource): Promise<string> {
	const hash = createHash('sha256');
	const piece = new Uint8Array(99_991);
	for (let at = 0; at < source.size; at += piece.length) {
		const part = piece.subarray(0, Math.min(piece.length, source.size - at));
		await source.read(at, part);
		hash.update(part);
	}
	return hash.digest('hex');
}

/** Calls `visit` for every node below the root, folders before what lies in them; paths as `a/b`. */
export async function walkTree(
	tree: FileTree,
	visit: (path: string, node: TreeNode) => Promise<void> | void,
): Promise<void> {
	const walk = async (folder: FolderNode, above: string): Promise<void> => {
		for (const node of await folder.list()) {
			const path = `${above}${node.name}`;
			if (path === 'lost+found') continue;
			await visit(path, node);
			if (node.kind === 'folder') await walk(node, `${path}/`);
		}
	};
	await walk(tree.root, '');
}

/**
 * Asks where a node lies: within a volume of `size` bytes, whatever the node is made of.
 * @throws whatever is no error of ours
 */
export async function askExtents(node: TreeNode, size: number): Promise<void> {
	if (node.kind !== 'file' && node.kind !== 'folder') return;
	const add = (start: number, end: number) => {
		if (!(start >= 0 && start < end && end <= size)) throw new Error(`${node.name} lies from ${start} to ${end}`);
	};
	await node.collectExtents({ add }).catch((error: unknown) => {
		if (!isAfterimageError(error)) throw error;
	});
}

/** The same of a tree as `hashTree` (file-trees.ts) finds in the folder where it is mounted. */
export async function hashFileTree(tree: FileTree): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	await walkTree(tree, async (path, node) => {
		if (node.kind === 'folder') found.set(path, 'folder');
		else if (node.kind === 'link') found.set(path, `-> ${await node.target()}`);
		else if (node.kind === 'file') {
			const source = await node.open();
			if (source.size !== node.size)
				throw new Error(`${path}: listed with ${node.size} bytes, opened with ${source.size}`);
			found.set(path, await hashSource(source));
		} else if (node.kind === 'damaged') throw new Error(`${path}: ${node.reason}`);
	});
	return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
