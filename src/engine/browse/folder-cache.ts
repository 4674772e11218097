import type { FolderNode, TreeNode } from '../../disk/files.ts';

/** Nodes that are kept, of all folders together; the folder that was listed last is kept whatever it holds. */
const standardNodes = 20_000;

/** What the folders hold that were listed last, by their paths. */
export class FolderCache {
	readonly #most: number;
	/** Those that were asked for the longest ago come first. */
	readonly #folders = new Map<string, readonly TreeNode[]>();
	#nodes = 0;

	constructor(most = standardNodes) {
		this.#most = most;
	}

	/** By name. @throws AfterimageError as {@link FolderNode.list} */
	async list(path: string, folder: FolderNode, signal?: AbortSignal): Promise<readonly TreeNode[]> {
		const known = this.#folders.get(path) ?? byName(await folder.list(signal));
		this.#drop(path);
		this.#folders.set(path, known);
		this.#nodes += known.length;
		for (const oldest of this.#folders.keys()) {
			if (this.#nodes <= this.#most || oldest === path) break;
			this.#drop(oldest);
		}
		return known;
	}

	#drop(path: string): void {
		this.#nodes -= this.#folders.get(path)?.length ?? 0;
		this.#folders.delete(path);
	}
}

/** In an order that is the same each time. */
export function byName(nodes: readonly TreeNode[]): TreeNode[] {
	return [...nodes].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
