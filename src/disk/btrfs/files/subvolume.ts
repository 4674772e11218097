import { damaged } from '../../../base/errors.ts';
import type { FolderEntry } from './folder-entries.ts';
import type { Inode } from './inode.ts';
import { readInode } from './inode.ts';
import { makeKey } from '../key.ts';
import { keyType, objectId, RootRef } from '../structures.ts';
import type { BtrfsVolume } from './volume.ts';

/**
 * The top folder of the subvolume that an entry leads to.
 * @returns undefined when it lies elsewhere or is gone: a snapshot keeps the entries of what lay in its original, without
 * what was there. Linux shows an empty folder.
 * @throws AfterimageError `structure-damaged`, `read-error`
 */
export async function openSubvolume(
	{ search, sb, findTree }: BtrfsVolume,
	parent: Inode,
	entry: FolderEntry,
	id: number,
): Promise<Inode | undefined> {
	const key = makeKey(id, keyType.rootBackReference, 0);
	const root = { logical: sb.root, generation: sb.generation, level: sb.rootLevel, owner: objectId.rootTree };
	let isHere = false;
	let count = 0;
	for await (const item of search.itemsOf(root, key)) {
		if (++count > 1) throw damaged('structure-damaged', `Btrfs subvolume ${id}`, item.leaf, 'one place', 'several');
		const data = item.data;
		const { dirid, sequence } = new RootRef(data);
		isHere =
			item.offset === parent.tree.owner &&
			dirid === parent.number &&
			sequence === entry.index &&
			Buffer.compare(data.subarray(RootRef.size), entry.name) === 0;
	}
	const tree = isHere ? await findTree(id) : undefined;
	return tree === undefined ? undefined : readInode(search, tree, objectId.firstFree);
}
