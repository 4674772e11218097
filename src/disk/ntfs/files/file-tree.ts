import { throwIfAborted } from '../../../base/abort.ts';
import type { ByteSource } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import type { FileTree, FolderNode, TreeNode } from '../../files.ts';
import type { Geometry } from '../boot-sector.ts';
import { directoryEntries } from '../folders/directory.ts';
import { entryNode, type TreeVolume } from './entry-node.ts';
import type { DirectoryEntry } from '../folders/index-entries.ts';
import { Mft, systemRecords, type NtfsFile } from '../records/mft.ts';
import { PageCache } from './page-cache.ts';
import { recordFlags } from '../records/record.ts';
import type { FileReference } from '../records/reference.ts';
import { standardInformation } from './standard-information.ts';
import { collectStreams } from './stream-extents.ts';

/** Records below this are those of the file system's own files; Windows gives the others away. */
const firstUserRecord = 24;

/**
 * The files of a volume, from the indexes of its directories and the records of its files.
 * @throws AfterimageError `structure-damaged` when the $MFT or the root directory cannot be right; `cancelled`
 */
export async function openFileTree(
	volume: ByteSource,
	geometry: Geometry,
	signal: AbortSignal | undefined,
): Promise<FileTree> {
	throwIfAborted(signal);
	const structures = new PageCache(volume);
	const opened: TreeVolume = { volume, structures, geometry, mft: await Mft.open(structures, geometry) };
	const root = await opened.mft.file({ number: systemRecords.root, sequence: 0 });
	const { number, sequence, flags, at } = root.record;
	if ((flags & recordFlags.directory) === 0)
		throw damaged('structure-damaged', 'Root directory, flags', at, 'a directory', flags);
	return { root: folderNode(opened, root, { number, sequence }, ''), caseSensitive: false };
}

function folderNode(opened: TreeVolume, file: NtfsFile, reference: FileReference, name: string): FolderNode {
	const { accessed, changed, modified } = standardInformation(file);
	return {
		kind: 'folder',
		name,
		accessed,
		changed,
		modified,
		mode: undefined,
		list: (signal) => list(opened, reference, signal),
		collectExtents: async (sink) => collectStreams(await opened.mft.file(reference), opened.geometry, sink),
	};
}

async function list(
	opened: TreeVolume,
	reference: FileReference,
	signal: AbortSignal | undefined,
): Promise<readonly TreeNode[]> {
	const { mft, structures, geometry } = opened;
	const folder = await mft.file(reference);
	const isRoot = reference.number === systemRecords.root;
	const entries: DirectoryEntry[] = [];
	for await (const entry of directoryEntries(folder, structures, geometry, signal))
		if (!(isRoot && entry.file.number < firstUserRecord)) entries.push(entry);
	// Neighbours in the $MFT are read together; in the order of names they lie all over it.
	entries.sort((a, b) => a.file.number - b.file.number);
	const folders = new Set<number>();
	const nodes: TreeNode[] = [];
	for (const entry of entries) {
		throwIfAborted(signal);
		const asFolder = (file: NtfsFile) => {
			const { number, at } = file.record;
			if (folders.has(number)) throw damaged('structure-damaged', `Directory ${number}, names`, at, 'one', 'several');
			folders.add(number);
			return folderNode(opened, file, entry.file, entry.name);
		};
		nodes.push(await entryNode(opened, reference, entry, asFolder));
	}
	return nodes;
}
