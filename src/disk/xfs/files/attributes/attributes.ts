import { throwIfAborted } from '../../../../base/abort.ts';
import { AttributeList, type ExtendedAttribute } from '../../../files/extended-attributes.ts';
import { accessListNames } from '../../../files/posix-acl.ts';
import type { Geometry } from '../../geometry.ts';
import { accessList } from './access-list.ts';
import { AttributeTree } from './attribute-tree.ts';
import { forkFormat, type Inode } from '../inode.ts';
import { shortAttributes } from './short-attributes.ts';
import { attributeFlag, type StoredAttribute } from './stored-attribute.ts';

/** Names, in the namespace of the system, of what Linux shows as POSIX access lists. */
const accessLists: ReadonlyMap<string, string> = new Map([
	['SGI_ACL_FILE', accessListNames.access],
	['SGI_ACL_DEFAULT', accessListNames.default],
]);

/**
 * What the file of an inode has beside its contents, as Linux shows it.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`; `not-supported` for too many
 */
export async function readAttributes(
	geometry: Geometry,
	inode: Inode,
	signal?: AbortSignal,
): Promise<readonly ExtendedAttribute[]> {
	const what = `inode ${inode.number}`;
	const list = new AttributeList(what);
	const add = (stored: StoredAttribute, value: Uint8Array) => {
		const { flags, name, at } = stored;
		const isRoot = (flags & attributeFlag.root) !== 0;
		const shown = isRoot ? accessLists.get(Buffer.from(name).toString('latin1')) : undefined;
		if (shown !== undefined) {
			const none = new Uint8Array(0);
			return list.add(shown, none, accessList(value, `XFS access list of ${what}`, at), at);
		}
		const namespace = isRoot ? 'trusted.' : (flags & attributeFlag.secure) !== 0 ? 'security.' : 'user.';
		list.add(namespace, name, value, at);
	};
	const { attributes } = inode;
	if (attributes === undefined) return list.found;
	if (attributes.format === forkFormat.local) {
		for (const one of shortAttributes(inode, attributes.fork)) {
			if (isShown(one) && one.value instanceof Uint8Array) add(one, one.value);
		}
		return list.found;
	}
	const tree = await AttributeTree.open(geometry, inode, attributes, signal);
	for await (const leaf of tree.leaves()) {
		throwIfAborted(signal);
		for (const one of leaf) {
			if (!isShown(one)) continue;
			add(one, one.value instanceof Uint8Array ? one.value : await tree.value(one.value));
		}
	}
	return list.found;
}

function isShown({ flags }: StoredAttribute): boolean {
	return (flags & (attributeFlag.parent | attributeFlag.incomplete)) === 0;
}
