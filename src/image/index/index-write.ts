import { BlockIndex, elementSize } from './block-index.ts';
import { DeltaIndex } from './delta-index.ts';

/** Delta elements carry the number of the block that they replace behind their 30 bytes. */
export const deltaElementSize = 34;

/** A piece of the payload: a multiple of an index page. */
const elementsPerPiece = 4096;

/** What a `$INDEX` payload says. */
export interface IndexContent {
	/** FAT: the reserved blocks, in order; of count 0 elsewhere. */
	readonly reserved: BlockIndex;
	readonly blocks: BlockIndex | DeltaIndex;
}

/** Length in bytes of the payload of `content`. */
export function indexPayloadLength({ reserved, blocks }: IndexContent): number {
	const body = blocks instanceof DeltaIndex ? blocks.size() * deltaElementSize : blocks.count * elementSize;
	return 8 + reserved.count * elementSize + body;
}

/** The payload in pieces of at most some hundred KiB; each is valid until the next is asked for. */
export function* indexPayload({ reserved, blocks }: IndexContent): Generator<Uint8Array> {
	yield count(reserved.count);
	yield* completeElements(reserved);
	if (blocks instanceof DeltaIndex) {
		yield count(blocks.size());
		yield* deltaElements(blocks);
	} else {
		yield count(blocks.count);
		yield* completeElements(blocks);
	}
}

function count(value: number): Uint8Array {
	const bytes = new Uint8Array(4);
	new DataView(bytes.buffer).setUint32(0, value, true);
	return bytes;
}

function* completeElements(index: BlockIndex): Generator<Uint8Array> {
	const chunk = new Uint8Array(elementsPerPiece * elementSize);
	const pages = elementsPerPiece / BlockIndex.perPage;
	for (let first = 0; first * BlockIndex.perPage < index.count; first += pages) {
		const elements = Math.min(elementsPerPiece, index.count - first * BlockIndex.perPage);
		for (let page = 0; page * BlockIndex.perPage < elements; page++) {
			const at = page * BlockIndex.pageSize;
			const bytes = index.pageBytes(first + page);
			if (bytes === undefined) chunk.fill(0, at, at + BlockIndex.pageSize);
			else chunk.set(bytes, at);
		}
		yield chunk.subarray(0, elements * elementSize);
	}
}

/** In ascending order of blocks, as real files have them. */
function* deltaElements(delta: DeltaIndex): Generator<Uint8Array> {
	const chunk = new Uint8Array(elementsPerPiece * deltaElementSize);
	const view = new DataView(chunk.buffer);
	let used = 0;
	let stored = delta.stored.next(0);
	let freed = delta.freed.next(0);
	while (stored < delta.count || freed < delta.count) {
		if (stored < freed) {
			delta.stored.copyElement(stored, chunk, used);
			view.setUint32(used + elementSize, stored, true);
			stored = delta.stored.next(stored + 1);
		} else {
			chunk.fill(0, used, used + elementSize);
			view.setUint32(used + elementSize, freed, true);
			freed = delta.freed.next(freed + 1);
		}
		used += deltaElementSize;
		if (used === chunk.length) {
			yield chunk;
			used = 0;
		}
	}
	if (used > 0) yield chunk.subarray(0, used);
}
