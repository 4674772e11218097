import { damaged } from '../../../base/errors.ts';
import { makeKey } from '../key.ts';
import type { NodeReference } from '../node-reference.ts';
import type { TreeSearch } from '../search.ts';
import { entryType, InodeItem, inodeFlag, keyType } from '../structures.ts';

/** A file or folder of a tree, whatever it is called. */
export interface Inode {
	/** The tree that it is in. */
	readonly tree: NodeReference;
	readonly number: number;
	/** As an entry of a folder would have it. */
	readonly type: number;
	readonly size: number;
	/** Unix permission bits. */
	readonly mode: number;
	readonly owner: { readonly uid: number; readonly gid: number };
	/** Names of it. */
	readonly links: number;
	/** Bytes that its extents take before they are compressed, which is what Linux tells of it. */
	readonly allocated: number;
	/** Milliseconds since 1970; undefined for a time that no date can be. */
	readonly accessed: number | undefined;
	readonly changed: number | undefined;
	readonly modified: number | undefined;
	/** Of a device: 20 bits of its minor number below the major one. */
	readonly device: number;
	/** Whether its data has checksums. */
	readonly checked: boolean;
}

/** The upper bits of a mode. */
const types: ReadonlyMap<number, number> = new Map([
	[0o01, entryType.pipe],
	[0o02, entryType.characterDevice],
	[0o04, entryType.folder],
	[0o06, entryType.blockDevice],
	[0o10, entryType.file],
	[0o12, entryType.link],
	[0o14, entryType.socket],
]);

/** Largest distance of a date from 1970, in seconds. */
const lastSecond = 8_640_000_000_000n;

/** @throws AfterimageError `structure-damaged` when there is none or it is no sane one, `read-error` */
export async function readInode(search: TreeSearch, tree: NodeReference, number: number): Promise<Inode> {
	for await (const item of search.itemsOf(tree, makeKey(number, keyType.inodeItem, 0))) {
		const inode = new InodeItem(item.data);
		const { mode, size } = inode;
		const type = types.get(mode >>> 12);
		if (type === undefined) {
			throw damaged('structure-damaged', `Btrfs inode ${number}, mode`, item.leaf, 'that of a file', mode.toString(8));
		}
		return {
			tree,
			number,
			type,
			size,
			mode: mode & 0o7777,
			owner: { uid: inode.uid, gid: inode.gid },
			links: inode.links,
			allocated: Number(inode.allocated),
			accessed: dateOf(inode.atimeSeconds, inode.atimeNanoseconds),
			changed: dateOf(inode.ctimeSeconds, inode.ctimeNanoseconds),
			modified: dateOf(inode.mtimeSeconds, inode.mtimeNanoseconds),
			device: Number(BigInt.asUintN(32, inode.device)),
			checked: (inode.flags & inodeFlag.noDataChecksum) === 0n,
		};
	}
	throw damaged('structure-damaged', `Btrfs tree ${tree.owner}`, tree.logical, `inode ${number}`, 'none');
}

function dateOf(stored: bigint, nanoseconds: number): number | undefined {
	const seconds = BigInt.asIntN(64, stored);
	if (seconds <= -lastSecond || seconds >= lastSecond) return undefined;
	return Number(seconds) * 1000 + Math.floor(nanoseconds / 1e6);
}
