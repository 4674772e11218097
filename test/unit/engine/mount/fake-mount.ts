import type { TreeNode } from '../../../../src/disk/files.ts';
import { serveMount } from '../../../../src/engine/mount/serve-mount.ts';
import { TreeServer, type MountedTree } from '../../../../src/engine/mount/tree-server.ts';
import type { FolderMount } from '../../../../src/engine/ports/mount-port.ts';
import { folder } from '../fake-tree.ts';

/** What the kernel was answered. */
export interface Answered {
	/** Number of the error, 0 for none. */
	readonly error: number;
	readonly body: Buffer;
}

/** A kernel: it sends requests, one after the other or several at once. */
export class FakeMount implements FolderMount {
	readonly enforced: boolean;
	/** Whether somebody still waits for answers. */
	waits = true;
	state: 'unmounted' | 'busy' | 'mounted' = 'unmounted';
	unmounts = 0;
	readonly #messages: (Uint8Array | undefined)[] = [];
	readonly #answers = new Map<bigint, (answer: Answered) => void>();
	#wake: () => void = () => undefined;
	#unique = 0n;

	constructor(enforced = true) {
		this.enforced = enforced;
	}

	async next(): Promise<Uint8Array | undefined> {
		while (this.#messages.length === 0) await new Promise<void>((wake) => (this.#wake = wake));
		return this.#messages.shift();
	}

	reply(parts: readonly Uint8Array[]): boolean {
		const bytes = Buffer.concat(parts);
		if (bytes.readUInt32LE(0) !== bytes.length)
			throw new Error(`${bytes.length} bytes say that they are another number`);
		const unique = bytes.readBigUInt64LE(8);
		const answer = this.#answers.get(unique);
		if (answer === undefined) throw new Error(`Request ${unique} waits for no answer`);
		this.#answers.delete(unique);
		answer({ error: 0 - bytes.readInt32LE(4), body: bytes.subarray(16) });
		return this.waits;
	}

	unmount() {
		this.unmounts++;
		this.send(undefined);
		return Promise.resolve(this.state);
	}

	close() {
		this.send(undefined);
		return Promise.resolve();
	}

	send(message: Uint8Array | undefined): void {
		this.#messages.push(message);
		this.#wake();
	}

	/** The number that the next request has. */
	get nextUnique(): bigint {
		return this.#unique + 1n;
	}

	/** Sends a request that is answered. */
	ask(opcode: number, node: number, body: Uint8Array = new Uint8Array(0)): Promise<Answered> {
		const answer = new Promise<Answered>((resolve) => this.#answers.set(this.#unique + 1n, resolve));
		this.tell(opcode, node, body);
		return answer;
	}

	/** Sends a request that is not. */
	tell(opcode: number, node: number, body: Uint8Array): void {
		const header = Buffer.alloc(40);
		header.writeUInt32LE(40 + body.length, 0);
		header.writeUInt32LE(opcode, 4);
		header.writeBigUInt64LE(++this.#unique, 8);
		header.writeBigUInt64LE(BigInt(node), 16);
		this.send(Buffer.concat([header, body]));
	}

	init(major = 7, minor = 38, flags = 0xffffffff): Promise<Answered> {
		return this.ask(26, 0, words(major, minor, 131_072, flags));
	}
}

/** Numbers of 32 bits. */
export function words(...values: number[]): Buffer {
	const bytes = Buffer.alloc(4 * values.length);
	values.forEach((value, i) => bytes.writeUInt32LE(value >>> 0, 4 * i));
	return bytes;
}

export const zeroEnded = (name: string | Uint8Array) => Buffer.concat([Buffer.from(name), Buffer.alloc(1)]);

/** Body of a READ, READDIR or READDIRPLUS. */
export const readBody = (offset: number, size: number) => words(0, 0, offset, 0, size, 0, 0, 0, 0, 0);

export interface FakeServer {
	readonly mount: FakeMount;
	readonly server: TreeServer;
	readonly failures: string[];
	readonly ended: Promise<void>;
}

export const facts = { uid: 1000, gid: 1001, time: 5_000 };

/** A tree that is served, with INIT answered. */
export async function serving(nodes: readonly TreeNode[], collections: readonly TreeNode[] = []): Promise<FakeServer> {
	const mount = new FakeMount();
	const failures: string[] = [];
	const tree: MountedTree = { root: folder('', nodes), collections: new Set(collections), size: 2 ** 30 };
	const { signal } = new AbortController();
	const server = new TreeServer(tree, facts, signal, (path, message) => failures.push(`${path}: ${message}`));
	const ended = serveMount(mount, server, () => undefined);
	await mount.init();
	return { mount, server, failures, ended };
}
