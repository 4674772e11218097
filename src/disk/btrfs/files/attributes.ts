import { throwIfAborted } from '../../../base/abort.ts';
import { damaged } from '../../../base/errors.ts';
import { AttributeList, type ExtendedAttribute } from '../../files/extended-attributes.ts';
import { makeKey } from '../key.ts';
import type { TreeItem, TreeSearch } from '../search.ts';
import { DirItem, entryType, keyType } from '../structures.ts';
import type { Inode } from './inode.ts';

/**
 * What a file or folder has beside its contents. Names are stored with their namespaces, and access lists as Linux shows them.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`; `not-supported` for too many
 */
export async function readAttributes(
	search: TreeSearch,
	inode: Inode,
	signal?: AbortSignal,
): Promise<readonly ExtendedAttribute[]> {
	const list = new AttributeList(`inode ${inode.number}`);
	for await (const item of search.itemsOf(inode.tree, makeKey(inode.number, keyType.attribute, 0))) {
		throwIfAborted(signal);
		parse(item, list);
	}
	return list.found;
}

/** Names of the same hash share an item. */
function parse({ data, leaf }: TreeItem, list: AttributeList): void {
	for (let at = 0; at < data.length;) {
		const { nameLength, dataLength, type } = new DirItem(data, at);
		const name = at + DirItem.size;
		const value = name + nameLength;
		const end = value + dataLength;
		const fail = (field: string, expected: number, found: number) =>
			damaged('structure-damaged', `Btrfs attribute, ${field}`, leaf, expected, found);
		if (type !== entryType.attribute) throw fail('type', entryType.attribute, type);
		if (end > data.length) throw fail('length', data.length, end);
		list.add('', data.subarray(name, value), data.subarray(value, end), leaf);
		at = end;
	}
}
