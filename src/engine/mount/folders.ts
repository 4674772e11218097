import type { FolderNode, TreeNode } from '../../disk/files.ts';
import { FolderCache } from '../browse/folder-cache.ts';
import type { KnownNode } from './known-nodes.ts';

/** Nodes of folders that were listed last; each takes a few hundred bytes. */
const mostNodes = 200_000;

/** What folders hold, by the names as they are stored. */
export class Folders {
	readonly #signal: AbortSignal;
	readonly #cache = new FolderCache(mostNodes);
	/** Those that are being listed, by the numbers of their inodes. */
	readonly #coming = new Map<bigint, Promise<readonly TreeNode[]>>();
	readonly #names = new WeakMap<readonly TreeNode[], Map<string, TreeNode>>();

	/** @param signal of the mount: file systems keep it for later reads */
	constructor(signal: AbortSignal) {
		this.#signal = signal;
	}

	/** In an order that is the same each time. @throws AfterimageError as {@link FolderNode.list} */
	async list({ number }: KnownNode, folder: FolderNode): Promise<readonly TreeNode[]> {
		let coming = this.#coming.get(number);
		if (coming === undefined) {
			coming = this.#cache.list(String(number), folder, this.#signal).finally(() => this.#coming.delete(number));
			this.#coming.set(number, coming);
		}
		return coming;
	}

	/** @param name as of {@link storedName} @throws as {@link list} */
	async find(known: KnownNode, folder: FolderNode, name: string): Promise<TreeNode | undefined> {
		const nodes = await this.list(known, folder);
		let names = this.#names.get(nodes);
		if (names === undefined) {
			names = new Map();
			// Of two with one name, which is damage, the first counts.
			for (const node of nodes.toReversed()) names.set(storedName(node), node);
			this.#names.set(nodes, names);
		}
		return names.get(name);
	}
}

/** The name of a node as it is stored, or as UTF-8. */
export function nameBytes(node: TreeNode): Uint8Array {
	return node.nameBytes ?? Buffer.from(node.name);
}

/** The same as text of which each character is a byte. */
export function storedName(node: TreeNode): string {
	const bytes = nameBytes(node);
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
