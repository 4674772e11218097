import { damaged } from '../../base/errors.ts';
import { u64 } from '../../base/struct.ts';
import { compareKeys, isOfKind, type Key } from './key.ts';
import type { NodeCache, SoundNode } from './node-cache.ts';
import { checkRootLevel, childReference, type NodeReference } from './node-reference.ts';
import { Item, KeyPointer, NodeHeader } from './structures.ts';

const number = u64(Item.offset.keyOffset);

/** An item of a tree, in the memory of its leaf. */
export class TreeItem {
	readonly #node: SoundNode;
	readonly #at: number;

	/** @param at of its entry in the leaf */
	constructor(node: SoundNode, at: number) {
		this.#node = node;
		this.#at = at;
	}

	/** Whether it has the object id and the type of `key`. */
	isOfKind(key: Key): boolean {
		return isOfKind(this.#node.view, this.#at, key);
	}

	/** Negative, zero or positive: before, at or after `key`. */
	compare(key: Key): number {
		return compareKeys(this.#node.view, this.#at, key, 0);
	}

	/** The offset of its key. */
	get offset(): number {
		return number.get(this.#node.view, this.#at);
	}

	/** @throws AfterimageError `structure-damaged` when it leaves the leaf */
	get data(): Uint8Array {
		return itemData(this.#node.bytes, this.#at);
	}

	/** Logical address of its leaf, for messages. */
	get leaf(): number {
		return this.#node.reference.logical;
	}
}

/** Finds items by their keys. */
export class TreeSearch {
	readonly #nodes: NodeCache;

	constructor(nodes: NodeCache) {
		this.#nodes = nodes;
	}

	/**
	 * The items of a tree in ascending order, from the last one that is not after `key`, or from the first one. Leaves are
	 * read as the caller goes on. The level shrinks with each step down and keys ascend, so no loop can go on.
	 * @throws AfterimageError `structure-damaged`, `read-error`
	 */
	async *itemsFrom(root: NodeReference, key: Key): AsyncGenerator<TreeItem, void, undefined> {
		checkRootLevel(root);
		const above: { readonly node: SoundNode; readonly index: number }[] = [];
		let seeking = true;
		let before: SoundNode | undefined;
		for (let next: NodeReference | undefined = root; next !== undefined; next = following(above)) {
			let node = await this.#nodes.get(next);
			while (node.reference.level > 0) {
				const index: number = seeking ? lastNotAfter(node, KeyPointer.size, key) : 0;
				above.push({ node, index });
				node = await this.#nodes.get(childReference(node.bytes, index, node.reference));
			}
			if (before !== undefined) checkAscending(before, node);
			before = node;
			for (let i = seeking ? lastNotAfter(node, Item.size, key) : 0; i < node.items; i++) {
				yield new TreeItem(node, NodeHeader.size + i * Item.size);
			}
			seeking = false;
		}
	}

	/** The items with the object id and the type of `key`, from its offset on. @throws as {@link itemsFrom} */
	async *itemsOf(root: NodeReference, key: Key): AsyncGenerator<TreeItem, void, undefined> {
		for await (const item of this.itemsFrom(root, key)) {
			if (item.compare(key) < 0) continue;
			if (!item.isOfKind(key)) return;
			yield item;
		}
	}
}

/** The next child to the right of the way that was gone. */
function following(above: { readonly node: SoundNode; readonly index: number }[]): NodeReference | undefined {
	for (let last = above.pop(); last !== undefined; last = above.pop()) {
		const index = last.index + 1;
		if (index >= last.node.items) continue;
		above.push({ node: last.node, index });
		return childReference(last.node.bytes, index, last.node.reference);
	}
	return undefined;
}

/** Number of the last entry whose key is not after `key`; 0 where all are. */
function lastNotAfter({ view, items }: SoundNode, entrySize: number, key: Key): number {
	let low = 0;
	let high = items;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (compareKeys(view, NodeHeader.size + middle * entrySize, key, 0) <= 0) low = middle + 1;
		else high = middle;
	}
	return Math.max(0, low - 1);
}

function checkAscending(left: SoundNode, right: SoundNode): void {
	const last = NodeHeader.size + (left.items - 1) * Item.size;
	if (left.items > 0 && compareKeys(left.view, last, right.view, NodeHeader.size) < 0) return;
	const { logical } = right.reference;
	throw damaged('structure-damaged', 'Btrfs leaf, first key', logical, 'one after those before it', 'another');
}

/** The data of the item whose entry is at `at` of the leaf. @throws AfterimageError `structure-damaged` when it leaves it */
export function itemData(node: Uint8Array, at: number): Uint8Array {
	const { offset, size } = new Item(node, at);
	const start = NodeHeader.size + offset;
	if (start + size > node.length) {
		throw damaged('structure-damaged', 'Btrfs item, end of its data', at, `at most ${node.length}`, start + size);
	}
	return node.subarray(start, start + size);
}
