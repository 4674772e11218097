import { RecentMap } from '../../base/recent-map.ts';
import type { NodeReader } from './node-reader.ts';
import type { NodeReference } from './node-reference.ts';
import { NodeHeader } from './structures.ts';

/** A node that was found sound. */
export interface SoundNode {
	readonly reference: NodeReference;
	readonly bytes: Uint8Array;
	readonly view: DataView;
	/** Number of its items or pointers. */
	readonly items: number;
}

/** Nodes that are kept, of any size. */
const keptNodes = 256;

/** Keeps the nodes that were last read: searches go through the same ones over and over. */
export class NodeCache {
	readonly #reader: NodeReader;
	/** By logical address. */
	readonly #kept = new RecentMap<number, SoundNode>(keptNodes);

	constructor(reader: NodeReader) {
		this.#reader = reader;
	}

	/** @throws AfterimageError `structure-damaged`, `read-error` */
	async get(reference: NodeReference): Promise<SoundNode> {
		const kept = this.#kept.get(reference.logical);
		if (kept !== undefined && isSame(kept.reference, reference)) return kept;
		const bytes = await this.#reader.read(reference);
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		const node = { reference, bytes, view, items: new NodeHeader(bytes).nritems };
		this.#kept.set(reference.logical, node);
		return node;
	}
}

/** Whether what was held to the one holds for the other. */
function isSame(a: NodeReference, b: NodeReference): boolean {
	return (
		a.generation === b.generation &&
		a.level === b.level &&
		a.owner === b.owner &&
		(a.firstKey === undefined) === (b.firstKey === undefined) &&
		Buffer.compare(a.firstKey ?? nothing, b.firstKey ?? nothing) === 0
	);
}

const nothing = new Uint8Array(0);
