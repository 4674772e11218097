import { AfterimageError, damaged } from '../../../base/errors.ts';
import {
	sharedFile,
	type DamagedNode,
	type ExtentSink,
	type FileNode,
	type FileTree,
	type FolderNode,
	type LinkNode,
	type TreeNode,
} from '../../files.ts';
import { damagedNameText, nameText } from '../../files/file-name-text.ts';
import { readAttributes } from './attributes.ts';
import { ExtentSource } from './extent-source.ts';
import { readFileExtents } from './file-extents.ts';
import { folderEntries } from './folder.ts';
import type { FolderEntry } from './folder-entry.ts';
import type { Geometry } from '../geometry.ts';
import { forkFormat, type Inode } from './inode.ts';
import { readInode, readInodes } from './read-inodes.ts';
import { linkTarget } from './symbolic-link.ts';

/**
 * The files of an XFS volume. What the log still holds is not replayed: the files are as they were last written to their places.
 * @throws AfterimageError `structure-damaged` when the root is no folder, `read-error`
 */
export async function openXfsFiles(geometry: Geometry): Promise<FileTree> {
	const { rootino } = geometry.volume.sb;
	const inode = await readInode(geometry, rootino);
	if (inode.kind !== 'folder') {
		throw damaged('structure-damaged', `XFS inode ${rootino}, kind of the root`, inode.at, 'a folder', inode.kind);
	}
	return { root: new XfsTree(geometry, rootino).folder('', inode), caseSensitive: geometry.caseSensitive };
}

class XfsTree {
	readonly #geometry: Geometry;
	/**
	 * The folder in which each folder was found, by their inodes. A folder has one place; what shows it in a second one is
	 * damage, which could make the tree endless.
	 */
	readonly #parents: Map<number, number>;

	constructor(geometry: Geometry, root: number) {
		this.#geometry = geometry;
		this.#parents = new Map([[root, root]]);
	}

	folder(name: string, inode: Inode): FolderNode {
		const { number } = inode;
		const facts = this.#facts(name, inode);
		const collectExtents = (sink: ExtentSink, signal?: AbortSignal) => this.#collect(number, sink, signal);
		return { kind: 'folder', ...facts, collectExtents, list: (signal) => this.#list(number, signal) };
	}

	async #list(folder: number, signal: AbortSignal | undefined): Promise<TreeNode[]> {
		const entries = await folderEntries(this.#geometry, await readInode(this.#geometry, folder), signal);
		const nodes = new Array<TreeNode>(entries.length);
		const folders = new Set<number>();
		const take = (index: number, inode: Inode | AfterimageError) => {
			const entry = entries[index]!;
			if (inode instanceof AfterimageError) {
				nodes[index] = damagedNode(entry, inode.message);
			} else if (inode.kind === 'folder' && (folders.has(inode.number) || !this.#belongs(inode.number, folder))) {
				nodes[index] = damagedNode(entry, `The folder in inode ${inode.number} is listed in more than one place`);
			} else {
				if (inode.kind === 'folder') folders.add(inode.number);
				nodes[index] = this.#node(entry, inode);
			}
		};
		const numbers = entries.map(({ inode }) => inode);
		await readInodes(this.#geometry, numbers, take, signal);
		return nodes;
	}

	/** Whether `child` was found in no folder other than `parent`, where it is from now on. */
	#belongs(child: number, parent: number): boolean {
		const known = this.#parents.get(child);
		if (known === undefined) this.#parents.set(child, parent);
		return known === undefined || (known === parent && child !== parent);
	}

	#node(entry: FolderEntry, inode: Inode): TreeNode {
		const name = nameText(entry.name);
		if (name === undefined) return damagedNode(entry, 'The name has characters that no name has');
		const { kind } = inode;
		if (kind === 'folder') return this.folder(name, inode);
		if (kind === 'file') return this.#file(name, inode);
		if (kind === 'link') return this.#link(name, inode);
		return { kind: 'special', ...this.#facts(name, inode), what: kind };
	}

	#facts(name: string, inode: Inode) {
		const { number, kind, mode, modified, owner, links, attributes } = inode;
		const geometry = this.#geometry;
		const read = async (signal?: AbortSignal) => readAttributes(geometry, await readInode(geometry, number), signal);
		return {
			...{ name, mode, modified, owner },
			shared: kind === 'folder' ? undefined : sharedFile(geometry, String(number), links),
			attributes: attributes === undefined ? undefined : read,
		};
	}

	#file(name: string, inode: Inode): FileNode {
		const { number, size, realtime } = inode;
		const geometry = this.#geometry;
		return {
			kind: 'file',
			...this.#facts(name, inode),
			size,
			async open(signal) {
				if (realtime) throw elsewhere(name);
				const extents = await readFileExtents(geometry, await readInode(geometry, number), signal);
				return new ExtentSource(geometry.source, extents, size);
			},
			collectExtents: async (sink, signal) => {
				if (realtime) throw elsewhere(name);
				await this.#collect(number, sink, signal);
			},
		};
	}

	async #collect(number: number, sink: ExtentSink, signal: AbortSignal | undefined): Promise<void> {
		const inode = await readInode(this.#geometry, number);
		if (inode.format === forkFormat.local) return;
		const { blocksize } = this.#geometry.volume.sb;
		const onBlock = (at: number) => sink.add(at, at + blocksize);
		const extents = await readFileExtents(this.#geometry, inode, signal, onBlock);
		// The blocks of a folder that hold its hash tables lie behind its size.
		const end = inode.kind === 'folder' ? extents.end : inode.size;
		for (let i = 0; i < extents.count; i++) {
			const { start, place, length } = extents.at(i);
			if (start < end) sink.add(place, place + Math.min(length, end - start));
		}
	}

	#link(name: string, inode: Inode): LinkNode {
		const { number } = inode;
		const geometry = this.#geometry;
		return {
			kind: 'link',
			...this.#facts(name, inode),
			target: async (signal) => linkTarget(geometry, await readInode(geometry, number), signal),
		};
	}
}

function elsewhere(name: string): AfterimageError {
	return new AfterimageError('not-supported', `${name} lies on the realtime device, which is not read`);
}

function damagedNode({ name }: FolderEntry, reason: string): DamagedNode {
	return { kind: 'damaged', name: damagedNameText(name), modified: undefined, mode: undefined, reason };
}
