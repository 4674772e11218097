import { throwIfAborted } from '../../../base/abort.ts';
import type { ByteSource } from '../../../base/bytes.ts';
import { AfterimageError, damaged } from '../../../base/errors.ts';
import { damagedNameText, nameText } from '../../files/file-name-text.ts';
import { FolderPlaces } from '../../folder-places.ts';
import {
	sharedFile,
	type DamagedNode,
	type ExtentSink,
	type FileTree,
	type FolderNode,
	type TreeNode,
} from '../../files.ts';
import { Attributes } from './attributes.ts';
import { openContent } from './content/content.ts';
import { collectContent } from './content/content-extents.ts';
import type { StoredEntry } from './directory-entries.ts';
import { readDirectory } from './directory.ts';
import { FileType, InodeBase, InodeFlag } from './file-structures.ts';
import type { Geometry } from '../geometry.ts';
import type { Inode } from './inode.ts';
import { InodeTable, rootInode } from './inode-table.ts';
import { readLinkTarget } from './link-target.ts';
import { linkOf, newDevice, oldDevice, withStoredName } from '../../files/stored-bytes.ts';

/** Entries whose inodes are read together. */
const batchLength = 1024;

/** Whether a folder, by its inode, has no other place. */
type IsOnlyPlace = (inode: number) => boolean;

/**
 * The files of a volume. Where folders ignore case (casefold), that is a property of the folder, and what lies next to
 * each other elsewhere may differ in case alone: so `A` and `a` are two names.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`
 */
export async function openTree(volume: ByteSource, geometry: Geometry, signal?: AbortSignal): Promise<FileTree> {
	const files = new Files(volume, geometry);
	return { root: await files.root(signal), caseSensitive: true };
}

class Files {
	readonly #volume: ByteSource;
	readonly #geometry: Geometry;
	readonly #inodes: InodeTable;
	readonly #attributes: Attributes;
	readonly #places = new FolderPlaces(rootInode);

	constructor(volume: ByteSource, geometry: Geometry) {
		this.#volume = volume;
		this.#geometry = geometry;
		this.#inodes = new InodeTable(volume, geometry);
		this.#attributes = new Attributes(volume, geometry, this.#inodes);
	}

	async root(signal: AbortSignal | undefined): Promise<FolderNode> {
		const inode = (await this.#inodes.read([rootInode], signal))[0]!;
		if (inode instanceof AfterimageError) throw inode;
		const node = this.#node('', inode, () => true);
		if (node.kind === 'folder') return node;
		const at = inode.position + InodeBase.offset.mode;
		throw damaged('structure-damaged', 'ext4_inode.mode of the root folder', at, 'a folder', node.kind);
	}

	async #list(folder: Inode, signal: AbortSignal | undefined): Promise<TreeNode[]> {
		const isOnlyPlace = this.#places.listing(folder.number);
		const entries = await readDirectory(this.#volume, this.#geometry, folder, signal);
		const encrypted = folder.has(InodeFlag.encrypt);
		const nodes = new Array<TreeNode>(entries.length);
		// Neighbours in the inode tables are read together; in the order of names they lie all over them.
		const order = Array.from(entries.keys()).sort((one, other) => entries[one]!.inode - entries[other]!.inode);
		for (let from = 0; from < order.length; from += batchLength) {
			throwIfAborted(signal);
			const batch = order.slice(from, from + batchLength);
			const numbers = batch.map((place) => entries[place]!.inode);
			const inodes = await this.#inodes.read(numbers, signal);
			for (const [i, place] of batch.entries()) {
				nodes[place] = this.#entry(entries[place]!, inodes[i]!, encrypted, isOnlyPlace);
			}
		}
		return nodes;
	}

	#entry(entry: StoredEntry, inode: Inode | AfterimageError, encrypted: boolean, isOnlyPlace: IsOnlyPlace): TreeNode {
		// An encrypted name may have any bytes.
		const name = encrypted ? damagedNameText(entry.name) : nameText(entry.name);
		const shown = name ?? damagedNameText(entry.name);
		if (name === undefined) return damagedNode(shown, `The name "${shown}" of inode ${entry.inode} is none`);
		if (inode instanceof AfterimageError) return damagedNode(shown, inode.message);
		const node = this.#node(name, inode, isOnlyPlace);
		return encrypted ? node : withStoredName(node, entry.name);
	}

	#node(name: string, inode: Inode, isOnlyPlace: IsOnlyPlace): TreeNode {
		const { accessed, changed, modified, allocated, mode } = inode;
		const facts = { name, accessed, changed, modified, mode: mode & ~FileType.mask, ...this.#unixFacts(inode) };
		const collectExtents = (sink: ExtentSink, signal?: AbortSignal) =>
			collectContent(this.#volume, this.#geometry, inode, sink, signal);
		const stored = { ...facts, collectExtents };
		switch (inode.mode & FileType.mask) {
			case FileType.folder: {
				if (!isOnlyPlace(inode.number)) {
					return damagedNode(name, `The folder in inode ${inode.number} is listed in more than one place`);
				}
				return { ...stored, kind: 'folder', list: (signal) => this.#list(inode, signal) };
			}
			case FileType.file: {
				const open = async (signal?: AbortSignal) => {
					throwIfAborted(signal);
					refuseEncrypted(name, inode);
					return openContent(this.#volume, this.#geometry, inode);
				};
				return { ...stored, kind: 'file', size: inode.size, allocated, open };
			}
			case FileType.link: {
				const target = async (signal?: AbortSignal) => {
					throwIfAborted(signal);
					refuseEncrypted(name, inode);
					return readLinkTarget(this.#volume, this.#geometry, inode);
				};
				return linkOf(facts, target);
			}
			case FileType.characterDevice:
				return { ...facts, kind: 'special', what: 'character device', device: deviceOf(inode) };
			case FileType.blockDevice:
				return { ...facts, kind: 'special', what: 'block device', device: deviceOf(inode) };
			case FileType.pipe:
				return { ...facts, kind: 'special', what: 'pipe' };
			case FileType.socket:
				return { ...facts, kind: 'special', what: 'socket' };
			default: {
				const mode = `0${inode.mode.toString(8)}`;
				return damagedNode(name, `Mode ${mode} of inode ${inode.number} is of no kind of file`);
			}
		}
	}

	#unixFacts(inode: Inode) {
		const { number, owner, links, tail, attributeBlock, mode } = inode;
		const isFolder = (mode & FileType.mask) === FileType.folder;
		const none = tail.length === 0 && attributeBlock === 0;
		return {
			owner,
			shared: isFolder ? undefined : sharedFile(this, String(number), links),
			attributes: none ? undefined : (signal?: AbortSignal) => this.#attributes.of(inode, signal),
		};
	}
}

function damagedNode(name: string, reason: string): DamagedNode {
	return { kind: 'damaged', name, reason, modified: undefined, mode: undefined };
}

/** In the first number where it has few bits, else in the second. */
function deviceOf({ block }: Inode) {
	const view = new DataView(block.buffer, block.byteOffset, block.length);
	const old = view.getUint32(0, true);
	return old === 0 ? newDevice(view.getUint32(4, true)) : oldDevice(old);
}

/** @throws AfterimageError `not-supported` */
function refuseEncrypted(name: string, inode: Inode): void {
	if (!inode.has(InodeFlag.encrypt)) return;
	throw new AfterimageError('not-supported', `"${name}" is encrypted by the file system (fscrypt)`, {
		advice: 'Restore the partition and unlock the folder there with its key.',
	});
}
