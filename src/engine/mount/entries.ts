import type { FolderNode, LinkNode, TreeNode } from '../../disk/files.ts';
import { damagedEntry } from '../browse/find-node.ts';
import { isUnreadable } from '../browse/read-files.ts';
import { typeOf, writeAttributes, type MountFacts } from './attributes.ts';
import { Folders, nameBytes, storedName } from './folders.ts';
import { errno, longestName, longestTarget } from './fuse/constants.ts';
import { FolderReply, type ListedEntry } from './fuse/folder-reply.ts';
import type { Answer } from './fuse/messages.ts';
import { Attributes, AttributesOut, EntryOut } from './fuse/structures.ts';
import type { KnownNode, KnownNodes } from './known-nodes.ts';

/** Seconds that the kernel may keep what it was told: nothing of a backup ever changes. */
const validSeconds = 365 * 24 * 3600;
/** Entries of a folder in front of those that are stored: the folder itself, and the one it lies in. */
const dots = ['.', '..'];

const entrySize = EntryOut.size + Attributes.size;
/** An entry of which nothing is told but that it is there, or for a single one, that it is not. */
const untold: Uint8Array = new Uint8Array(entrySize);

/** Answers what lies where in the tree, and what it is. */
export class Entries {
	readonly #nodes: KnownNodes;
	readonly #folders: Folders;
	readonly #facts: MountFacts;
	readonly #signal: AbortSignal;

	/** @param signal of the mount */
	constructor(nodes: KnownNodes, facts: MountFacts, signal: AbortSignal) {
		this.#nodes = nodes;
		this.#folders = new Folders(signal);
		this.#facts = facts;
		this.#signal = signal;
	}

	/** @param name each character a byte @throws AfterimageError as `FolderNode.list`; `image-damaged` for a damaged entry */
	async lookUp(parent: KnownNode, folder: FolderNode, name: string): Promise<Answer> {
		const node = await this.#folders.find(parent, folder, name);
		if (node === undefined) {
			const missing = untold.slice();
			new EntryOut(missing).entryValid = validSeconds;
			return { reply: [missing] };
		}
		const { entry, id } = await this.#tell(parent, name, node);
		return { reply: [entry], delivered: (still) => void (still || this.#nodes.forget(id, 1)) };
	}

	async attributes({ node, number }: KnownNode): Promise<Answer> {
		const bytes = new Uint8Array(AttributesOut.size + Attributes.size);
		new AttributesOut(bytes).valid = validSeconds;
		writeAttributes(bytes, AttributesOut.size, node, number, await this.#sizeOf(node), this.#facts);
		return { reply: [bytes] };
	}

	/** @throws AfterimageError as `LinkNode.target` */
	async target(node: LinkNode): Promise<Answer> {
		const bytes = await this.#targetOf(node);
		return { reply: bytes.length > longestTarget ? errno.ENAMETOOLONG : [bytes] };
	}

	/** Sees to it that the folder can be listed. @throws AfterimageError as `FolderNode.list` */
	async expectListed(known: KnownNode, folder: FolderNode): Promise<void> {
		await this.#folders.list(known, folder);
	}

	/**
	 * Entries of a folder, as many as there is room for.
	 * @param from the first: 0, or where an entry said that the next one is
	 * @param room bytes
	 * @param plus with what they are; the kernel then knows their nodes
	 * @throws AfterimageError as `FolderNode.list`
	 */
	async read(known: KnownNode, folder: FolderNode, from: number, room: number, plus: boolean): Promise<Answer> {
		const nodes = await this.#folders.list(known, folder);
		const reply = new FolderReply(room);
		const told: number[] = [];
		const before = plus ? entrySize : 0;
		for (let at = from; at < dots.length + nodes.length; at++) {
			const node = nodes[at - dots.length];
			const shown = node === undefined ? this.#dot(known, at) : this.#listed(known, node, at);
			// The kernel takes a longer one for a fault of the whole folder.
			if (shown.name.length > longestName) continue;
			if (!reply.hasRoom(shown, before)) {
				if (at === from) return { reply: errno.EINVAL };
				break;
			}
			if (!plus) reply.add(shown);
			else if (node === undefined || node.kind === 'damaged') reply.add(shown, untold);
			else {
				const { entry, id } = await this.#tell(known, storedName(node), node);
				told.push(id);
				reply.add(shown, entry);
			}
		}
		const forget = () => told.forEach((id) => this.#nodes.forget(id, 1));
		return { reply: [reply.bytes], delivered: (still) => void (still || forget()) };
	}

	#dot({ number, parentNumber }: KnownNode, at: number): ListedEntry {
		const of = at === 0 ? number : parentNumber;
		return { name: Buffer.from(dots[at]!), number: of, type: typeOf(this.#nodes.root.node), next: at + 1 };
	}

	#listed(known: KnownNode, node: TreeNode, at: number): ListedEntry {
		const number = this.#nodes.numberOf(known, storedName(node), node);
		return { name: nameBytes(node), number, type: typeOf(node), next: at + 1 };
	}

	/** @throws AfterimageError `image-damaged` */
	async #tell(parent: KnownNode, name: string, node: TreeNode): Promise<{ entry: Uint8Array; id: number }> {
		if (node.kind === 'damaged') throw damagedEntry(node.name, node.reason);
		const size = await this.#sizeOf(node);
		const { id, number } = this.#nodes.tell(parent, name, node);
		const entry = new Uint8Array(entrySize);
		const out = new EntryOut(entry);
		out.node = id;
		out.entryValid = validSeconds;
		out.attributesValid = validSeconds;
		writeAttributes(entry, EntryOut.size, node, number, size, this.#facts);
		return { entry, id };
	}

	/** Of a link it is the length of its target; one whose target cannot be read is shown, and fails when it is followed. */
	async #sizeOf(node: TreeNode): Promise<number> {
		if (node.kind === 'file') return node.size;
		if (node.kind !== 'link') return 0;
		try {
			return (await this.#targetOf(node)).length;
		} catch (error) {
			if (!isUnreadable(error)) throw error;
			return 0;
		}
	}

	async #targetOf(node: LinkNode): Promise<Uint8Array> {
		return (await node.targetBytes?.(this.#signal)) ?? Buffer.from(await node.target(this.#signal));
	}
}
