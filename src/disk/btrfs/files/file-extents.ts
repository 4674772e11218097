import { AfterimageError, damaged } from '../../../base/errors.ts';
import { compressionType, maxCompressedExtent } from './decompress.ts';
import { makeKey } from '../key.ts';
import type { NodeReference } from '../node-reference.ts';
import type { TreeItem, TreeSearch } from '../search.ts';
import { extentType, FileExtent, FileExtentPlace, keyType } from '../structures.ts';

interface ExtentRange {
	/** First byte in the file, and the one behind the last. */
	readonly start: number;
	readonly end: number;
}

/** A part of a file that is not zeros. */
export type FileExtentPart = ExtentRange &
	(
		| {
				readonly kind: 'inline';
				readonly compression: number;
				/** As stored. */
				readonly bytes: Uint8Array;
				/** Logical address of its leaf. */
				readonly leaf: number;
		  }
		| {
				readonly kind: 'stored';
				readonly compression: number;
				/** Logical address of the whole extent. */
				readonly logical: number;
				/** Bytes of the whole extent as it is stored, and decompressed. */
				readonly storedLength: number;
				readonly length: number;
				/** Where in the decompressed extent the part begins. */
				readonly offset: number;
		  }
	);

/**
 * The parts of a file between two places that are not zeros, in ascending order: what no part covers is a hole.
 * @param tree that the file is in
 * @throws AfterimageError `structure-damaged`, `read-error`, `not-supported` for encrypted extents
 */
export async function* fileExtents(
	search: TreeSearch,
	tree: NodeReference,
	inode: number,
	{ start, end }: ExtentRange,
	sectorSize: number,
): AsyncGenerator<FileExtentPart, void, undefined> {
	const key = makeKey(inode, keyType.extentData, start);
	let reached = 0;
	for await (const item of search.itemsFrom(tree, key)) {
		if (!item.isOfKind(key)) {
			if (item.compare(key) < 0) continue;
			return;
		}
		if (item.offset >= end) return;
		const part = parse(item, sectorSize);
		if (part.start < reached) throw fault(item, 'start', `at least ${reached}`, part.start);
		reached = part.end;
		if ('kind' in part && part.end > start) yield part;
	}
}

/** @returns the range alone for zeros */
function parse(item: TreeItem, sectorSize: number): FileExtentPart | ExtentRange {
	const data = item.data;
	const extent = new FileExtent(data);
	const { compression, encryption, otherEncoding, type } = extent;
	if (encryption !== 0 || otherEncoding !== 0) {
		const found = `encryption ${encryption}, encoding ${otherEncoding}`;
		throw new AfterimageError('not-supported', `Btrfs extent with ${found}: files like this one are not read`);
	}
	const length = extent.ramBytes;
	const start = item.offset;
	const compressed = compression !== compressionType.none;
	const longest = compressed ? maxCompressedExtent : Number.MAX_SAFE_INTEGER;
	if (length > longest) throw fault(item, 'length', `at most ${longest}`, length);
	if (type === extentType.inline) {
		const bytes = data.subarray(FileExtent.size);
		if (start !== 0) throw fault(item, 'start of an inline one', '0', start);
		if (!compressed && bytes.length !== length) throw fault(item, 'length', `${bytes.length}`, length);
		return { kind: 'inline', start, end: length, compression, bytes, leaf: item.leaf };
	}
	if (type !== extentType.regular && type !== extentType.preallocated) {
		throw fault(item, 'type', 'inline, regular or preallocated', type);
	}
	const place = new FileExtentPlace(data, FileExtent.size);
	const { diskBytenr: logical, diskLength: storedLength, offset, partLength } = place;
	const end = start + partLength;
	for (const value of [start, logical, storedLength, offset, partLength]) {
		if (value % sectorSize !== 0) throw fault(item, 'place', `multiples of ${sectorSize}`, value);
	}
	if (partLength === 0 || !Number.isSafeInteger(end)) throw fault(item, 'length', 'a sane one', partLength);
	if (logical === 0 || type === extentType.preallocated) return { start, end };
	if (compressed && storedLength > maxCompressedExtent) {
		throw fault(item, 'stored length', `at most ${maxCompressedExtent}`, storedLength);
	}
	const whole = compressed ? length : storedLength;
	if (storedLength === 0 || offset + partLength > whole)
		throw fault(item, 'part', `at most ${whole}`, offset + partLength);
	return { kind: 'stored', start, end, compression, logical, storedLength, length, offset };
}

function fault(item: TreeItem, field: string, expected: string, found: number): AfterimageError {
	return damaged('structure-damaged', `Btrfs file extent, ${field}`, item.leaf, expected, found);
}
