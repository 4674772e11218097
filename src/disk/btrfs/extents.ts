import { damaged } from '../../base/errors.ts';
import { u64 } from '../../base/struct.ts';
import type { UsedSink } from '../filesystem.ts';
import type { ChunkMap } from './chunk-map.ts';
import { Item, keyType, NodeHeader } from './structures.ts';
import type { BtrfsSuperblock } from './superblock.ts';

const number = u64(0);

/**
 * Turns the items of the extent tree, in order, into used ranges of the device. Neighbours in one chunk are reported
 * together; a chunk with two copies gives two ranges.
 */
export class ExtentCollector {
	readonly #sb: BtrfsSuperblock;
	readonly #chunks: ChunkMap;
	readonly #sink: UsedSink;
	/** The range in hand, and the end of its chunk. */
	#start = 0;
	#end = 0;
	#limit = 0;
	/** Bytes of all extents, counted once however many copies there are. */
	#total = 0;
	readonly #place = (device: number) => this.#sink.add(device, device + this.#end - this.#start);

	constructor(sb: BtrfsSuperblock, chunks: ChunkMap, sink: UsedSink) {
		this.#sb = sb;
		this.#chunks = chunks;
		this.#sink = sink;
	}

	/** @throws AfterimageError `structure-damaged` when extents overlap or lie outside all chunks */
	leaf(node: Uint8Array, items: number): void {
		const view = new DataView(node.buffer, node.byteOffset, node.length);
		for (let i = 0, at = NodeHeader.size; i < items; i++, at += Item.size) {
			const type = node[at + Item.offset.type];
			if (type === keyType.extentItem) {
				this.#add(number.get(view, at), number.get(view, at + Item.offset.keyOffset));
			} else if (type === keyType.metadataItem) {
				this.#add(number.get(view, at), this.#sb.nodesize);
			}
		}
	}

	/** @throws AfterimageError `structure-damaged` when the sum differs from the superblock's */
	finish(): void {
		this.#flush();
		if (this.#total !== this.#sb.bytesUsed) {
			throw damaged('structure-damaged', 'Btrfs extent tree, sum of extents', 0, this.#sb.bytesUsed, this.#total);
		}
	}

	#add(start: number, length: number): void {
		const { sectorsize } = this.#sb;
		const end = start + length;
		if (start < this.#end) throw this.#damage(start, `a start at or after ${this.#end}`, start);
		if (length === 0 || length % sectorsize !== 0 || start % sectorsize !== 0) {
			throw this.#damage(start, `a multiple of ${sectorsize}`, length);
		}
		this.#total += length;
		if (start !== this.#end || end > this.#limit) {
			this.#flush();
			const limit = this.#chunks.chunkEnd(start);
			if (limit === undefined || end > limit) throw this.#damage(start, 'an extent inside a chunk', end);
			this.#limit = limit;
			this.#start = start;
		}
		this.#end = end;
	}

	#flush(): void {
		if (this.#end > this.#start) this.#chunks.locate(this.#start, this.#end - this.#start, this.#place);
	}

	#damage(logical: number, expected: string, found: number): Error {
		return damaged('structure-damaged', 'Btrfs extent', logical, expected, found);
	}
}
