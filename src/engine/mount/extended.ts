import { RecentMap } from '../../base/recent-map.ts';
import type { ExtendedAttribute } from '../../disk/files/extended-attributes.ts';
import { errno } from './fuse/constants.ts';
import type { Reply } from './fuse/messages.ts';
import { ExtendedOut } from './fuse/structures.ts';
import type { KnownNode } from './known-nodes.ts';

/** Nodes whose attributes are kept: programs ask for one after the other, and for each twice. */
const kept = 16;

type Attributes = readonly ExtendedAttribute[];
const none: Attributes = [];

/** The extended attributes of nodes, with the access lists among them. */
export class Extended {
	readonly #signal: AbortSignal;
	readonly #known = new RecentMap<number, Promise<Attributes>>(kept);

	/** @param signal of the mount */
	constructor(signal: AbortSignal) {
		this.#signal = signal;
	}

	/**
	 * The value of one.
	 * @param name each character a byte
	 * @param room bytes that the program has for it; 0: it asks for how many there are
	 * @throws AfterimageError as `attributes` of the node
	 */
	async get(known: KnownNode, name: string, room: number): Promise<Reply> {
		const found = (await this.#of(known)).find((one) => one.name === name);
		return found === undefined ? errno.ENODATA : within(found.value, room);
	}

	/** The names of all. @param room as for {@link get} @throws as {@link get} */
	async list(known: KnownNode, room: number): Promise<Reply> {
		const names = (await this.#of(known)).map(({ name }) => `${name}\0`);
		return within(Buffer.from(names.join(''), 'latin1'), room);
	}

	async #of({ id, node }: KnownNode): Promise<Attributes> {
		if (node.attributes === undefined) return none;
		let found = this.#known.get(id);
		if (found === undefined) {
			found = node.attributes(this.#signal);
			this.#known.set(id, found);
			const reading = found;
			found.catch(() => this.#known.remove(id, reading));
		}
		return found;
	}
}

function within(bytes: Uint8Array, room: number): Reply {
	if (room === 0) {
		const size = new Uint8Array(ExtendedOut.size);
		new ExtendedOut(size).size = bytes.length;
		return [size];
	}
	return bytes.length > room ? errno.ERANGE : [bytes];
}
