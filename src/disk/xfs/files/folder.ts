import { throwIfAborted } from '../../../base/abort.ts';
import { damaged } from '../../../base/errors.ts';
import type { ExtentList } from './extent-list.ts';
import { ExtentSource } from './extent-source.ts';
import { readFileExtents } from './file-extents.ts';
import { blockEntries } from './folder-block.ts';
import type { FolderEntry } from './folder-entry.ts';
import type { Geometry } from '../geometry.ts';
import { forkFormat, type Inode } from './inode.ts';
import { shortEntries } from './short-folder.ts';

/** Bytes of a folder from which on it holds its hash tables and lists of free room, which say nothing new. */
const leafOffset = 32 * 2 ** 30;

/** Longest single read of blocks. */
const readLimit = 256 * 1024;

/**
 * What the folder's inode and blocks list, in the order in which it is stored.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`
 */
export async function folderEntries(geometry: Geometry, inode: Inode, signal?: AbortSignal): Promise<FolderEntry[]> {
	if (inode.format === forkFormat.local) return shortEntries(geometry, inode);
	const { number, at, size } = inode;
	const unit = geometry.folderBlockSize;
	const fail = (field: string, expected: string | number, found: string | number) =>
		damaged('structure-damaged', `XFS folder in inode ${number}, ${field}`, at, expected, found);
	if (size > leafOffset || size === 0 || size % unit !== 0) {
		throw fail('size', `a multiple of ${unit} up to ${leafOffset}`, size);
	}
	const extents = await readFileExtents(geometry, inode, signal);
	const end = endOfEntries(extents);
	if (end > size) throw fail('end of the entries', `at most ${size}`, end);
	// Two extents of a sound folder never share a block: all together are no longer than the volume.
	const mapped = bytesOfEntries(extents);
	if (mapped > geometry.volume.size) throw fail('size of all blocks', `at most ${geometry.volume.size}`, mapped);

	const source = new ExtentSource(geometry.source, extents, size, signal);
	const entries: FolderEntry[] = [];
	let next = 0;
	for (let i = 0; i < extents.count; i++) {
		const { start, length } = extents.at(i);
		if (start >= leafOffset) break;
		// A block of the folder may lie in several extents; the first of them has brought it already.
		next = Math.max(next, Math.floor(start / unit) * unit);
		const stop = Math.ceil((start + length) / unit) * unit;
		while (next < stop) {
			throwIfAborted(signal);
			const bytes = new Uint8Array(Math.min(stop - next, Math.max(unit, readLimit)));
			await source.read(next, bytes);
			for (let from = 0; from < bytes.length; from += unit) {
				const block = bytes.subarray(from, from + unit);
				const place = placeOf(extents, next + from);
				if (place === undefined) throw fail('blocks', `one at byte ${next + from} of the folder`, 'none');
				blockEntries(geometry, { bytes: block, at: place, owner: number, first: next + from === 0 }, entries);
			}
			next += bytes.length;
		}
	}
	return entries;
}

function endOfEntries(extents: ExtentList): number {
	const behind = extents.find(leafOffset);
	const { start, length } = behind === extents.count ? { start: leafOffset, length: 0 } : extents.at(behind);
	if (start < leafOffset) return start + length;
	if (behind === 0) return 0;
	const last = extents.at(behind - 1);
	return last.start + last.length;
}

function bytesOfEntries(extents: ExtentList): number {
	let sum = 0;
	for (let i = 0; i < extents.count && extents.at(i).start < leafOffset; i++) sum += extents.at(i).length;
	return sum;
}

function placeOf(extents: ExtentList, offset: number): number | undefined {
	const index = extents.find(offset);
	if (index === extents.count) return undefined;
	const { start, place } = extents.at(index);
	return start <= offset ? place + offset - start : undefined;
}
