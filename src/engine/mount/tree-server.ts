import { toErrorRecord } from '../../base/errors.ts';
import type { FolderNode, TreeNode } from '../../disk/files.ts';
import { kindPhrase } from '../browse/find-node.ts';
import { asImageDamage } from '../browse/image-damage.ts';
import type { MountFacts } from './attributes.ts';
import { Contents } from './contents.ts';
import { Entries } from './entries.ts';
import { Extended } from './extended.ts';
import { accessMode, accessWrite, errno, longestName, opcode, openFlag, seek, writes } from './fuse/constants.ts';
import { errnoOf, nameIn, nodeOf, type Answer, type Request } from './fuse/messages.ts';
import { largestRead } from './fuse/negotiate.ts';
import * as wire from './fuse/structures.ts';
import { KnownNodes, type KnownNode } from './known-nodes.ts';

/** What is mounted. */
export interface MountedTree {
	readonly root: FolderNode;
	/** Folders whose entries are file systems of their own. */
	readonly collections: ReadonlySet<TreeNode>;
	/** Bytes of all file systems together. */
	readonly size: number;
}

/** Is told what could not be read: the path in the folder, and why. */
export type FailureListener = (path: string, message: string) => void;

const blockSize = 4096;

/** What the kernel wants no answer to, whatever is wrong with it. */
const unanswered: ReadonlySet<number> = new Set([opcode.forget, opcode.batchForget]);

type Outcome = Promise<Answer> | Answer | undefined;

/** Answers what the kernel asks of a tree that never changes. Requests may come beside each other. */
export class TreeServer {
	readonly #nodes: KnownNodes;
	readonly #entries: Entries;
	readonly #contents: Contents;
	readonly #extended: Extended;
	readonly #size: number;
	readonly #onFailure: FailureListener;

	/** @param signal ends what is being read */
	constructor(tree: MountedTree, facts: MountFacts, signal: AbortSignal, onFailure: FailureListener) {
		this.#nodes = new KnownNodes(tree.root, tree.collections);
		this.#entries = new Entries(this.#nodes, facts, signal);
		this.#contents = new Contents(signal);
		this.#extended = new Extended(signal);
		this.#size = tree.size;
		this.#onFailure = onFailure;
	}

	/** Nodes that the kernel knows. */
	get known(): number {
		return this.#nodes.size;
	}

	/**
	 * Answers a request, whose body is read before this returns. Never rejects.
	 * @returns undefined where nothing is to be answered
	 */
	async answer(request: Request): Promise<Answer | undefined> {
		const known = this.#nodes.get(request.node);
		let outcome: Outcome;
		try {
			outcome = this.#begin(request, known);
		} catch {
			// Its structures have too few bytes, or numbers that no request can have.
			return unanswered.has(request.opcode) ? undefined : { reply: errno.EINVAL };
		}
		try {
			return await outcome;
		} catch (error) {
			const said = asImageDamage(error);
			const reply = errnoOf(said);
			if (reply !== errno.EINTR) this.#onFailure(known?.path ?? '', toErrorRecord(said).message);
			return { reply };
		}
	}

	#begin(request: Request, known: KnownNode | undefined): Outcome {
		if (request.opcode === opcode.forget) {
			const { lookups } = new wire.ForgetIn(request.body);
			this.#nodes.forget(request.node, nodeOf(lookups));
			return undefined;
		}
		if (request.opcode === opcode.batchForget) {
			this.#forgetAll(request.body);
			return undefined;
		}
		if (request.opcode === opcode.destroy) return { reply: [] };
		if (writes.has(request.opcode)) return { reply: errno.EROFS };
		return known === undefined ? { reply: errno.ESTALE } : this.#beginFor(known, request);
	}

	#beginFor(known: KnownNode, { opcode: asked, body }: Request): Outcome {
		const { node } = known;
		switch (asked) {
			case opcode.lookup: {
				const name = nameIn(body);
				if (name === undefined) return { reply: errno.EINVAL };
				if (name.length > longestName) return { reply: errno.ENAMETOOLONG };
				return node.kind === 'folder' ? this.#entries.lookUp(known, node, name) : { reply: errno.ENOTDIR };
			}
			case opcode.getAttributes:
				return this.#entries.attributes(known);
			case opcode.readLink:
				return node.kind === 'link' ? this.#entries.target(node) : { reply: errno.EINVAL };
			case opcode.open:
				return this.#open(known, new wire.OpenIn(body).flags);
			case opcode.openFolder:
				return this.#openFolder(known);
			case opcode.release:
			case opcode.releaseFolder:
				return { reply: [] };
			case opcode.read:
			case opcode.readFolder:
			case opcode.readFolderPlus:
				return this.#read(known, asked, new wire.ReadIn(body));
			case opcode.seek:
				return this.#seek(known, new wire.SeekIn(body));
			case opcode.statFileSystem:
				return { reply: [this.#statistics()] };
			case opcode.access:
				return { reply: (new wire.AccessIn(body).mask & accessWrite) === 0 ? [] : errno.EROFS };
			case opcode.getExtended: {
				const { size } = new wire.ExtendedIn(body);
				const name = nameIn(body.subarray(wire.ExtendedIn.size));
				return name === undefined ? { reply: errno.EINVAL } : this.#attribute(known, name, size);
			}
			case opcode.listExtended:
				return this.#attribute(known, undefined, new wire.ExtendedIn(body).size);
			default:
				return { reply: errno.ENOSYS };
		}
	}

	async #open(known: KnownNode, flags: number): Promise<Answer> {
		const { node, path } = known;
		if ((flags & accessMode.mask) !== accessMode.readOnly) return { reply: errno.EROFS };
		if (node.kind === 'folder') return { reply: errno.EISDIR };
		if (node.kind !== 'file') {
			this.#onFailure(path, `It is ${kindPhrase(node)}, which has no bytes of its own`);
			return { reply: errno.EOPNOTSUPP };
		}
		await this.#contents.open(known, node);
		return { reply: [opened(openFlag.keepCache)] };
	}

	async #openFolder(known: KnownNode): Promise<Answer> {
		if (known.node.kind !== 'folder') return { reply: errno.ENOTDIR };
		await this.#entries.expectListed(known, known.node);
		return { reply: [opened(openFlag.keepCache | openFlag.cacheFolder)] };
	}

	#read(known: KnownNode, asked: number, { offset, size }: { offset: bigint; size: number }): Outcome {
		const { node } = known;
		if (size > largestRead) return { reply: errno.EINVAL };
		if (asked === opcode.read) {
			if (node.kind === 'file') return this.#contents.read(known, node, offset, size);
			return { reply: node.kind === 'folder' ? errno.EISDIR : errno.EINVAL };
		}
		const from = nodeOf(offset);
		if (from < 0) return { reply: errno.EINVAL };
		if (node.kind !== 'folder') return { reply: errno.ENOTDIR };
		return this.#entries.read(known, node, from, size, asked === opcode.readFolderPlus);
	}

	#seek(known: KnownNode, { offset, whence }: { offset: bigint; whence: number }): Outcome {
		const { node } = known;
		if (node.kind !== 'file' || (whence !== seek.data && whence !== seek.hole)) return { reply: errno.EINVAL };
		return this.#contents.seek(known, node, offset, whence);
	}

	async #attribute(known: KnownNode, name: string | undefined, room: number): Promise<Answer> {
		if (name === undefined) return { reply: await this.#extended.list(known, room) };
		return { reply: await this.#extended.get(known, name, room) };
	}

	#forgetAll(body: Uint8Array): void {
		const { count } = new wire.BatchForgetIn(body);
		for (let i = 0; i < count; i++) {
			const { node, lookups } = new wire.ForgetOne(body, wire.BatchForgetIn.size + i * wire.ForgetOne.size);
			this.#nodes.forget(nodeOf(node), nodeOf(lookups));
		}
	}

	/** All of it is in use. */
	#statistics(): Uint8Array {
		const bytes = new Uint8Array(wire.StatOut.size);
		const out = new wire.StatOut(bytes);
		out.blocks = Math.ceil(this.#size / blockSize);
		out.blockSize = blockSize;
		out.fragmentSize = blockSize;
		out.longestName = longestName;
		return bytes;
	}
}

function opened(flags: number): Uint8Array {
	const bytes = new Uint8Array(wire.OpenOut.size);
	new wire.OpenOut(bytes).flags = flags;
	return bytes;
}
