import { damaged } from '../../../base/errors.ts';
import type { FolderEntry } from './folder-entries.ts';
import { makeKey } from '../key.ts';
import type { Inode } from './inode.ts';
import type { TreeItem, TreeSearch } from '../search.ts';
import { InodeRef, keyType } from '../structures.ts';

/**
 * Holds a folder to its entry: it lies there and nowhere else, by its own reference to the one above. So no folder is met
 * twice, and a walk through damaged folders ends.
 * @throws AfterimageError `structure-damaged`, `read-error`
 */
export async function checkOnlyPlace(
	search: TreeSearch,
	parent: Inode,
	entry: FolderEntry,
	folder: Inode,
): Promise<void> {
	const wrong = (at: number, found: string) =>
		damaged('structure-damaged', `Btrfs folder ${folder.number}, place`, at, `one in folder ${parent.number}`, found);
	const references: TreeItem[] = [];
	const plain = makeKey(folder.number, keyType.inodeRef, 0);
	const extended = makeKey(folder.number, keyType.inodeExtendedRef, 0);
	for await (const item of search.itemsFrom(folder.tree, plain)) {
		if (item.compare(plain) < 0) continue;
		if (!item.isOfKind(plain) && !item.isOfKind(extended)) break;
		references.push(item);
		if (references.length > 1) throw wrong(item.leaf, 'several');
	}
	const [only] = references;
	if (only === undefined) throw wrong(entry.leaf, 'none');
	if (!only.isOfKind(plain) || only.offset !== parent.number) throw wrong(only.leaf, 'another');
	const data = only.data;
	const { index, nameLength } = new InodeRef(data);
	const name = data.subarray(InodeRef.size);
	if (index !== entry.index || nameLength !== name.length || Buffer.compare(name, entry.name) !== 0) {
		throw wrong(only.leaf, 'another name');
	}
}
