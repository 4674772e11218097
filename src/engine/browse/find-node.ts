import { throwIfAborted } from '../../base/abort.ts';
import { AfterimageError } from '../../base/errors.ts';
import type { FileTree, FolderNode, TreeNode } from '../../disk/files.ts';
import type { FolderCache } from './folder-cache.ts';

/** Something in a backup, and its path with the names as they are stored. */
export interface FoundNode {
	/** Names divided by `/`; empty for the root. */
	readonly path: string;
	readonly node: TreeNode;
}

/** The names of a path in a backup: empty ones, as before a leading `/`, are left out. */
export function namesOf(path: string): string[] {
	return path.split('/').filter((name) => name !== '');
}

/**
 * Finds what a path leads to. An exact match comes before one without regard to case, which counts only where the file
 * system has none. Links are not followed.
 * @throws AfterimageError `source-missing` naming the part that is not there, `image-damaged` where the way leads through
 * damage, `cancelled`, and what {@link FolderNode.list} throws
 */
export async function findNode(
	tree: FileTree,
	path: string,
	folders: FolderCache,
	signal?: AbortSignal,
): Promise<FoundNode> {
	let found: FoundNode = { path: '', node: tree.root };
	for (const name of namesOf(path)) {
		throwIfAborted(signal);
		const folder = asFolder(found);
		const nodes = await folders.list(found.path, folder, signal);
		const node = matching(nodes, name, tree.caseSensitive);
		if (node === undefined) {
			const where = found.path === '' ? 'the root folder' : found.path;
			throw new AfterimageError('source-missing', `There is no ${name} in ${where} of the backup`, {
				details: { path, name },
			});
		}
		found = { path: below(found.path, node.name), node };
	}
	return found;
}

/** @throws AfterimageError `source-missing`, `image-damaged` for what is none */
export function asFolder({ path, node }: FoundNode): FolderNode {
	if (node.kind === 'folder') return node;
	if (node.kind === 'damaged') throw damagedEntry(path, node.reason);
	throw new AfterimageError('source-missing', `${path} is ${kindPhrase(node)}, not a folder`, {
		details: { path, kind: node.kind },
		...(node.kind === 'link' ? { advice: 'Links are not followed: name what it points to.' } : {}),
	});
}

export function damagedEntry(path: string, reason: string): AfterimageError {
	return new AfterimageError('image-damaged', `${path} is damaged in the backup: ${reason}`, { details: { path } });
}

/** A node that is no folder, in words with their article. */
export function kindPhrase(node: TreeNode): string {
	if (node.kind === 'special') return `a ${node.what}`;
	return node.kind === 'damaged' ? 'a damaged entry' : `a ${node.kind}`;
}

export function below(path: string, name: string): string {
	return path === '' ? name : `${path}/${name}`;
}

function matching(nodes: readonly TreeNode[], name: string, caseSensitive: boolean): TreeNode | undefined {
	const exact = nodes.find((node) => node.name === name);
	if (exact !== undefined || caseSensitive) return exact;
	const folded = foldCase(name);
	return nodes.find((node) => foldCase(node.name) === folded);
}

/** A name in capital letters, character by character as file systems have them: `ß` stays what it is. */
export function foldCase(name: string): string {
	const upper = name.toUpperCase();
	if (upper.length === name.length) return upper;
	return Array.from(name, (character) => {
		const one = character.toUpperCase();
		return one.length === character.length ? one : character;
	}).join('');
}
