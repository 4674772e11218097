import { throwIfAborted } from '../../../base/abort.ts';
import type { ByteSource } from '../../../base/bytes.ts';
import { readBytes } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import { u64 } from '../../../base/struct.ts';
import { asDamage } from '../../as-damage.ts';
import { damagedNameText, nameText } from '../../files/file-name-text.ts';
import { linkOf, shiftedDevice, withStoredName } from '../../files/stored-bytes.ts';
import {
	sharedFile,
	type ExtentSink,
	type FileTree,
	type FolderNode,
	type OpenFilesOptions,
	type TreeNode,
} from '../../files.ts';
import { collectData } from './data-places.ts';
import { readAttributes } from './attributes.ts';
import { FileSource } from './file-source.ts';
import { folderEntries, type FolderEntry } from './folder-entries.ts';
import { readInode, type Inode } from './inode.ts';
import { checkOnlyPlace } from './only-place.ts';
import { entryType, keyType, objectId } from '../structures.ts';
import { openSubvolume } from './subvolume.ts';
import type { BtrfsSuperblock } from '../superblock.ts';
import { openBtrfsVolume, type BtrfsVolume } from './volume.ts';

const number = u64(0);

/** Longest target of a link (`PATH_MAX`). */
const maxTarget = 4096;

const specials: ReadonlyMap<number, string> = new Map([
	[entryType.characterDevice, 'character device'],
	[entryType.blockDevice, 'block device'],
	[entryType.pipe, 'pipe'],
	[entryType.socket, 'socket'],
]);

/**
 * The files of a Btrfs: the top level with the subvolumes and snapshots as folders where they lie, whichever of them is
 * mounted by default.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`, `not-supported`
 */
export async function openBtrfsFiles(
	source: ByteSource,
	sb: BtrfsSuperblock,
	options: OpenFilesOptions,
): Promise<FileTree> {
	const volume = await openBtrfsVolume(source, sb, options);
	const tree = await volume.findTree(objectId.fileTree);
	if (tree === undefined) throw damaged('structure-damaged', 'Btrfs root tree', sb.root, 'a tree of files', 'none');
	const root = await readInode(volume.search, tree, objectId.firstFree);
	return { root: folderNode(volume, '', root), caseSensitive: true };
}

/** The entries of folders lie in the trees of the file system, next to everything else. */
const inTrees = { collectExtents: () => Promise.resolve() };

function folderNode(volume: BtrfsVolume, name: string, inode: Inode): FolderNode {
	const facts = factsOf(volume, name, inode);
	return { ...inTrees, kind: 'folder', ...facts, list: (signal) => list(volume, inode, signal) };
}

function factsOf(volume: BtrfsVolume, name: string, inode: Inode) {
	const { type, mode, accessed, changed, modified, owner, links, tree, number } = inode;
	return {
		...{ name, mode, accessed, changed, modified, owner },
		shared: type === entryType.folder ? undefined : sharedFile(volume, `${tree.owner}/${number}`, links),
		attributes: (signal?: AbortSignal) => readAttributes(volume.search, inode, signal),
	};
}

async function list(volume: BtrfsVolume, folder: Inode, signal: AbortSignal | undefined): Promise<TreeNode[]> {
	const nodes: TreeNode[] = [];
	for await (const entry of folderEntries(volume.search, folder)) {
		throwIfAborted(signal);
		nodes.push(await entryNode(volume, folder, entry));
	}
	return nodes;
}

async function entryNode(volume: BtrfsVolume, folder: Inode, entry: FolderEntry): Promise<TreeNode> {
	const name = nameText(entry.name);
	try {
		if (name === undefined) {
			throw damaged('structure-damaged', 'Btrfs folder entry, name', entry.leaf, 'a file name', 'none');
		}
		return withStoredName(await soundNode(volume, folder, entry, name), entry.name);
	} catch (error) {
		const { message: reason } = asDamage(error);
		return { kind: 'damaged', name: damagedNameText(entry.name), modified: undefined, mode: undefined, reason };
	}
}

async function soundNode(volume: BtrfsVolume, folder: Inode, entry: FolderEntry, name: string): Promise<TreeNode> {
	const fault = (field: string, expected: string, found: number) =>
		damaged('structure-damaged', `Btrfs folder entry, ${field}`, entry.leaf, expected, found);
	const { location } = entry;
	const id = number.get(location, 0);
	const keyed = location.getUint8(8);
	let inode: Inode | undefined;
	if (keyed === keyType.rootItem) {
		inode = await openSubvolume(volume, folder, entry, id);
		if (inode === undefined) {
			return { ...inTrees, kind: 'folder', name, mode: 0o755, modified: undefined, list: () => Promise.resolve([]) };
		}
	} else if (keyed === keyType.inodeItem) {
		inode = await readInode(volume.search, folder.tree, id);
		if (inode.type === entryType.folder) await checkOnlyPlace(volume.search, folder, entry, inode);
	} else {
		throw fault('place', 'an inode or a subvolume', keyed);
	}
	if (inode.type !== entry.type) throw fault('type', `that of its inode (${inode.type})`, entry.type);
	return inodeNode(volume, name, inode);
}

function inodeNode(volume: BtrfsVolume, name: string, inode: Inode): TreeNode {
	const { type, size } = inode;
	const facts = factsOf(volume, name, inode);
	const what = specials.get(type);
	if (what !== undefined) return { kind: 'special', ...facts, what, device: shiftedDevice(inode.device, 20) };
	if (type === entryType.folder) return folderNode(volume, name, inode);
	const open = (signal?: AbortSignal) => new FileSource(volume, inode, signal);
	if (type === entryType.file) {
		const collectExtents = (sink: ExtentSink, signal?: AbortSignal) => collectData(volume, inode, sink, signal);
		const { sectorsize } = volume.sb;
		const allocated = Math.ceil(inode.allocated / sectorsize) * sectorsize;
		const opening = (signal?: AbortSignal) => Promise.resolve(open(signal));
		return { kind: 'file', ...facts, size, allocated, collectExtents, open: opening };
	}
	const target = async (signal?: AbortSignal) => {
		if (size > maxTarget) {
			const where = `Btrfs link ${inode.number}, length`;
			throw damaged('structure-damaged', where, inode.tree.logical, `at most ${maxTarget}`, size);
		}
		return readBytes(open(signal), 0, size);
	};
	return linkOf(facts, target);
}
