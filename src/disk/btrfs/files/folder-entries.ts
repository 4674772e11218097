import { damaged } from '../../../base/errors.ts';
import { makeKey } from '../key.ts';
import type { Inode } from './inode.ts';
import type { TreeItem, TreeSearch } from '../search.ts';
import { DirItem, keyType } from '../structures.ts';

/** What a folder's index says of one entry. */
export interface FolderEntry {
	/** Its number in the index, by which what it leads to knows it. */
	readonly index: number;
	/** As stored: in no encoding that is sure. */
	readonly name: Uint8Array;
	/** One of `entryType`. */
	readonly type: number;
	/** Key of what it leads to. */
	readonly location: DataView;
	/** Logical address of its leaf, for messages. */
	readonly leaf: number;
}

/** The entries of a folder in the order of its index. @throws AfterimageError `structure-damaged`, `read-error` */
export async function* folderEntries(search: TreeSearch, folder: Inode): AsyncGenerator<FolderEntry, void, undefined> {
	const key = makeKey(folder.number, keyType.dirIndex, 0);
	for await (const item of search.itemsOf(folder.tree, key)) yield parse(item);
}

function parse(item: TreeItem): FolderEntry {
	const data = item.data;
	const { location, dataLength, nameLength, type } = new DirItem(data);
	const length = DirItem.size + nameLength + dataLength;
	if (length !== data.length) {
		throw damaged('structure-damaged', 'Btrfs folder entry, length', item.leaf, data.length, length);
	}
	return {
		index: item.offset,
		name: data.subarray(DirItem.size, DirItem.size + nameLength),
		type,
		location: new DataView(location.buffer, location.byteOffset, location.length),
		leaf: item.leaf,
	};
}
