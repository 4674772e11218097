import { readBytes, type ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { throwIfAborted } from '../../base/abort.ts';
import { BlockIndex, elementSize } from './block-index.ts';
import type { DeltaIndex } from './delta-index.ts';
import { deltaElementSize } from './index-write.ts';
import { md5Stream, sameBytes } from '../md5.ts';
import { hashMismatch, type MetadataBlock } from '../metadata/metadata-read.ts';

/** Where the parts of a `$INDEX` payload lie; counts are checked against its length. */
export interface IndexLocation {
	readonly block: MetadataBlock;
	readonly reservedCount: number;
	/** Byte of the file where the reserved elements begin. */
	readonly reservedPosition: number;
	/** Elements of the index proper. */
	readonly blockCount: number;
	/** Byte of the file where they begin. */
	readonly blocksPosition: number;
	readonly delta: boolean;
}

/** Pages that are read at a time: 3.75 MiB. */
const pagesPerRead = 2048;

/**
 * Reads the two counts of an index.
 * @param delta elements of 34 bytes (`_header.delta_index`)
 * @throws AfterimageError `image-damaged` when the counts and the payload's length disagree
 */
export async function locateIndex(source: ByteSource, block: MetadataBlock, delta: boolean): Promise<IndexLocation> {
	if (block.compressed || block.encrypted)
		throw damaged('image-damaged', 'Flags of $INDEX', block.position + 28, 'neither compressed nor encrypted', 'set');
	const reservedCount = await readCount(source, block, 0, elementSize, 8);
	const second = 4 + reservedCount * elementSize;
	const size = delta ? deltaElementSize : elementSize;
	const blockCount = await readCount(source, block, second, size, second + 4);
	const length = second + 4 + blockCount * size;
	if (length !== block.length)
		throw damaged('image-damaged', 'Length of $INDEX', block.position + 8, length, block.length);
	return {
		block,
		reservedCount,
		reservedPosition: block.payload + 4,
		blockCount,
		blocksPosition: block.payload + second + 4,
		delta,
	};
}

async function readCount(
	source: ByteSource,
	block: MetadataBlock,
	at: number,
	size: number,
	fixed: number,
): Promise<number> {
	if (at + 4 > block.length)
		throw damaged('image-damaged', 'Length of $INDEX', block.position + 8, `at least ${at + 4}`, block.length);
	const bytes = await readBytes(source, block.payload + at, 4);
	const count = new DataView(bytes.buffer).getUint32(0, true);
	const most = Math.floor(Math.max(0, block.length - fixed) / size);
	if (count > most)
		throw damaged('image-damaged', 'Count in $INDEX', block.payload + at, `at most ${most} elements`, count);
	return count;
}

/** Receives the bytes of the elements from `first` on. */
type ElementSink = (bytes: Uint8Array, first: number) => void;

/**
 * The reserved blocks. The caller has no need to read the rest of the index for them, so their MD5 is not checked here;
 * every block's own MD5 is when it is read.
 */
export async function readReserved(source: ByteSource, location: IndexLocation): Promise<BlockIndex> {
	const index = new BlockIndex(location.reservedCount);
	await eachChunk(source, location.reservedPosition, location.reservedCount, elementSize, undefined, (bytes, first) =>
		index.loadPages(first / BlockIndex.perPage, bytes),
	);
	return index;
}

/**
 * Fills `target` from a complete index, checking the payload's MD5. Elements behind those of the file become holes.
 * @throws AfterimageError `image-damaged` when the index has more elements than `target` takes, or its MD5 is wrong
 */
export async function readComplete(
	source: ByteSource,
	location: IndexLocation,
	target: BlockIndex,
	signal?: AbortSignal,
): Promise<void> {
	if (location.blockCount > target.count)
		throw damaged(
			'image-damaged',
			'Count in $INDEX',
			location.blocksPosition - 4,
			`at most ${target.count} elements`,
			location.blockCount,
		);
	await readElements(source, location, elementSize, signal, (bytes, first) =>
		target.loadPages(first / BlockIndex.perPage, bytes),
	);
}

/** Receives an element: its 30 bytes lie at `at`. */
export type ElementTaker = (block: number, bytes: Uint8Array, at: number) => void;

/** Elements that are read at a time when some are looked up: 240 KiB. */
const perLook = 8192;

/**
 * Looks up elements of a complete index, whose MD5 was checked when it was read; those behind its end are holes and passed over.
 * @param blocks ascending
 */
export async function readSome(
	source: ByteSource,
	location: IndexLocation,
	blocks: Uint32Array,
	take: ElementTaker,
	signal?: AbortSignal,
): Promise<void> {
	for (let i = 0; i < blocks.length && blocks[i]! < location.blockCount;) {
		throwIfAborted(signal);
		const first = blocks[i]!;
		const end = Math.min(location.blockCount, first + perLook);
		const bytes = await readBytes(source, location.blocksPosition + first * elementSize, (end - first) * elementSize);
		for (; i < blocks.length && blocks[i]! < end; i++) take(blocks[i]!, bytes, (blocks[i]! - first) * elementSize);
	}
}

/** Applies the elements of a delta index, in their order, to a complete index. Errors as {@link readComplete}. */
export async function applyDelta(
	source: ByteSource,
	location: IndexLocation,
	target: BlockIndex,
	signal?: AbortSignal,
): Promise<void> {
	await eachDelta(source, location, target.count, signal, (view, at, block) => {
		if (view.getUint32(at + 24, true) === 0) target.clear(block);
		else target.setRaw(block, view, at);
	});
}

/** Adds the elements of a delta index to `target`, which keeps what they free. Errors as {@link readComplete}. */
export async function readDelta(
	source: ByteSource,
	location: IndexLocation,
	target: DeltaIndex,
	signal?: AbortSignal,
): Promise<void> {
	await eachDelta(source, location, target.count, signal, (view, at, block) => {
		if (view.getUint32(at + 24, true) === 0) {
			target.stored.clear(block);
			target.freed.add(block);
		} else {
			target.stored.setRaw(block, view, at);
			target.freed.delete(block);
		}
	});
}

async function eachDelta(
	source: ByteSource,
	location: IndexLocation,
	blocks: number,
	signal: AbortSignal | undefined,
	take: (view: DataView, at: number, block: number) => void,
): Promise<void> {
	await readElements(source, location, deltaElementSize, signal, (bytes, first) => {
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		for (let at = 0; at < bytes.length; at += deltaElementSize) {
			const block = view.getUint32(at + elementSize, true);
			if (block >= blocks)
				throw damaged(
					'image-damaged',
					'Block of a delta element',
					location.blocksPosition + first * deltaElementSize + at + elementSize,
					`less than ${blocks}`,
					block,
				);
			take(view, at, block);
		}
	});
}

/** Hands over all elements of the index proper while hashing the whole payload. */
async function readElements(
	source: ByteSource,
	location: IndexLocation,
	size: number,
	signal: AbortSignal | undefined,
	sink: ElementSink,
): Promise<void> {
	const hash = md5Stream();
	const head = new Uint8Array(4);
	await source.read(location.block.payload, head);
	hash.update(head);
	await eachChunk(source, location.reservedPosition, location.reservedCount, elementSize, signal, (bytes) =>
		hash.update(bytes),
	);
	await source.read(location.blocksPosition - 4, head);
	hash.update(head);
	await eachChunk(source, location.blocksPosition, location.blockCount, size, signal, (bytes, first) => {
		hash.update(bytes);
		sink(bytes, first);
	});
	const found = hash.digest();
	if (!sameBytes(found, location.block.md5)) throw hashMismatch(location.block, found);
}

/** Reads elements in pieces of whole pages; the next piece is on its way while one is worked on. */
async function eachChunk(
	source: ByteSource,
	position: number,
	count: number,
	size: number,
	signal: AbortSignal | undefined,
	sink: ElementSink,
): Promise<void> {
	const perChunk = pagesPerRead * BlockIndex.perPage;
	const chunkAt = async (first: number) => {
		const bytes = Buffer.allocUnsafeSlow(Math.min(perChunk, count - first) * size);
		await source.read(position + first * size, bytes);
		return bytes;
	};
	let next = count > 0 ? chunkAt(0) : undefined;
	for (let first = 0; first < count; first += perChunk) {
		const bytes = await next!;
		next = first + perChunk < count ? chunkAt(first + perChunk) : undefined;
		next?.catch(() => undefined);
		throwIfAborted(signal);
		sink(bytes, first);
	}
}
