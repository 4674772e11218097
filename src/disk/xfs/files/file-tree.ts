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
import { FolderPlaces } from '../../folder-places.ts';
import { linkOf, shiftedDevice, withStoredName } from '../../files/stored-bytes.ts';
import { readAttributes } from './attributes/attributes.ts';
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
	/** By their inodes. */
	readonly #places: FolderPlaces;

	constructor(geometry: Geometry, root: number) {
		this.#geometry = geometry;
		this.#places = new FolderPlaces(root);
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
		const isOnlyPlace = this.#places.listing(folder);
		const take = (index: number, inode: Inode | AfterimageError) => {
			const entry = entries[index]!;
			if (inode instanceof AfterimageError) {
				nodes[index] = damagedNode(entry, inode.message);
			} else if (inode.kind === 'folder' && !isOnlyPlace(inode.number)) {
				nodes[index] = damagedNode(entry, `The folder in inode ${inode.number} is listed in more than one place`);
			} else {
				nodes[index] = withStoredName(this.#node(entry, inode), entry.name);
			}
		};
		const numbers = entries.map(({ inode }) => inode);
		await readInodes(this.#geometry, numbers, take, signal);
		return nodes;
	}

	#node(entry: FolderEntry, inode: Inode): TreeNode {
		const name = nameText(entry.name);
		if (name === undefined) return damagedNode(entry, 'The name has characters that no name has');
		const { kind } = inode;
		if (kind === 'folder') return this.folder(name, inode);
		if (kind === 'file') return this.#file(name, inode);
		if (kind === 'link') return this.#link(name, inode);
		return { kind: 'special', ...this.#facts(name, inode), what: kind, device: deviceOf(inode) };
	}

	#facts(name: string, inode: Inode) {
		const { number, kind, mode, accessed, changed, modified, owner, links, attributes } = inode;
		const geometry = this.#geometry;
		const read = async (signal?: AbortSignal) => readAttributes(geometry, await readInode(geometry, number), signal);
		return {
			...{ name, mode, accessed, changed, modified, owner },
			shared: kind === 'folder' ? undefined : sharedFile(geometry, String(number), links),
			attributes: attributes === undefined ? undefined : read,
		};
	}

	#file(name: string, inode: Inode): FileNode {
		const { number, size, allocated, realtime } = inode;
		const geometry = this.#geometry;
		return {
			kind: 'file',
			...this.#facts(name, inode),
			size,
			allocated,
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
		return linkOf(this.#facts(name, inode), async (signal) =>
			linkTarget(geometry, await readInode(geometry, number), signal),
		);
	}
}

/** The minor number has 18 bits (`IRIX_DEV_TO_KDEVT`). */
function deviceOf({ format, fork }: Inode) {
	if (format !== forkFormat.device || fork.length < 4) return undefined;
	return shiftedDevice(new DataView(fork.buffer, fork.byteOffset).getUint32(0), 18);
}

function elsewhere(name: string): AfterimageError {
	return new AfterimageError('not-supported', `${name} lies on the realtime device, which is not read`);
}

function damagedNode({ name }: FolderEntry, reason: string): DamagedNode {
	return { kind: 'damaged', name: damagedNameText(name), modified: undefined, mode: undefined, reason };
}
