import { hash } from 'node:crypto';
import type { TreeNode } from '../../disk/files.ts';
import { below } from '../browse/find-node.ts';
import { rootNode } from './fuse/constants.ts';

/** A node that the kernel knows. */
export interface KnownNode {
	/** By which the kernel calls it, for as long as it knows it. */
	readonly id: number;
	/** Of its inode: the same each time that the backup is mounted. Names of one file have one. */
	readonly number: bigint;
	/** Of the inode of the folder that it was found in; its own for the root. */
	readonly parentNumber: bigint;
	readonly node: TreeNode;
	/** For messages. */
	readonly path: string;
	/** Path of the root of its file system: files with several names have numbers within that. */
	readonly volume: string;
}

interface Counted extends KnownNode {
	readonly key: string;
	lookups: number;
}

/** What a node is called before the kernel knows it. */
type Identity = Pick<Counted, 'key' | 'number' | 'path' | 'volume'>;

/**
 * The nodes that the kernel knows: it counts how often it was told of each, and says when it has forgotten them.
 */
export class KnownNodes {
	readonly root: KnownNode;
	readonly #collections: ReadonlySet<TreeNode>;
	readonly #byId = new Map<number, Counted>();
	readonly #byKey = new Map<string, Counted>();
	#next = rootNode + 1;

	/** @param collections folders whose entries are file systems of their own */
	constructor(root: TreeNode, collections: ReadonlySet<TreeNode>) {
		const number = BigInt(rootNode);
		const known = { id: rootNode, number, parentNumber: number, node: root, path: '', volume: '' };
		this.root = known;
		this.#collections = collections;
		// Nobody can make the kernel forget it.
		this.#byId.set(rootNode, { ...known, key: '', lookups: Infinity });
	}

	/** How many there are, the root among them. */
	get size(): number {
		return this.#byId.size;
	}

	get(id: number): KnownNode | undefined {
		return this.#byId.get(id);
	}

	/** The number of the inode of what lies in a folder. @param name as it is stored, each character a byte */
	numberOf(parent: KnownNode, name: string, node: TreeNode): bigint {
		return this.#identify(parent, name, node).number;
	}

	/** Tells the kernel once more of what lies in a folder. @param name as for {@link numberOf} */
	tell(parent: KnownNode, name: string, node: TreeNode): KnownNode {
		const identity = this.#identify(parent, name, node);
		const known = this.#byKey.get(identity.key);
		if (known !== undefined) {
			known.lookups++;
			return known;
		}
		const told = { ...identity, id: this.#next++, parentNumber: parent.number, node, lookups: 1 };
		this.#byId.set(told.id, told);
		this.#byKey.set(told.key, told);
		return told;
	}

	/** The kernel no longer counts on having been told of a node so often. */
	forget(id: number, lookups: number): void {
		const known = this.#byId.get(id);
		if (known === undefined) return;
		known.lookups -= lookups;
		if (known.lookups > 0) return;
		this.#byId.delete(id);
		this.#byKey.delete(known.key);
	}

	#identify(parent: KnownNode, name: string, node: TreeNode): Identity {
		const path = below(parent.path, node.name);
		const volume = this.#collections.has(parent.node) ? path : parent.volume;
		// Whatever its names are, a file that has several is one.
		const inVolume = node.shared === undefined ? undefined : `\0${volume}\0${node.shared.number}`;
		const key = inVolume ?? `${parent.id}/${name}`;
		return { key, path, volume, number: numberFrom(inVolume ?? `${parent.number}/${name}`) };
	}
}

/** A number of 63 bits that is none of the first ones. */
function numberFrom(text: string): bigint {
	const digest = hash('sha1', text, 'buffer');
	return (digest.readBigUInt64LE(0) >> 1n) | 0x100n;
}
