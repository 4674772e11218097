import { throwIfAborted } from '../../../base/abort.ts';
import type { ByteSource } from '../../../base/bytes.ts';
import { readBytes } from '../../../base/bytes.ts';
import { damaged } from '../../../base/errors.ts';
import { mapOf } from './content/content.ts';
import { verifyDirectoryBlock } from './directory-checksum.ts';
import { parseEntries, type StoredEntry } from './directory-entries.ts';
import { InodeBase, InodeFlag } from './file-structures.ts';
import type { Geometry } from '../geometry.ts';
import { inlineData } from './content/inline-data.ts';
import type { Inode } from './inode.ts';

/** Bytes of a folder that are read at once, where that many lie together. */
const pieceLength = 256 * 1024;

/** In an inode, the number of the folder above comes first. */
const parentLength = 4;

/**
 * The entries of a folder, without `.` and `..`. An index (htree) is not used: to a reader of the entries, its blocks
 * look empty.
 * @throws AfterimageError `structure-damaged`, `read-error`, `cancelled`
 */
export async function readDirectory(
	volume: ByteSource,
	geometry: Geometry,
	folder: Inode,
	signal?: AbortSignal,
): Promise<StoredEntry[]> {
	if (folder.has(InodeFlag.inlineData)) {
		const bytes = inlineData(folder).subarray(parentLength);
		return parseEntries(folder, bytes, folder.position + InodeBase.offset.block + parentLength);
	}
	const { blockSize } = geometry;
	const count = folder.size / blockSize;
	if (!Number.isInteger(count) || count === 0 || count >= geometry.blocks) {
		const expected = `a multiple of ${blockSize} below the volume's size`;
		throw wrong(folder, 'Size', folder.position + InodeBase.offset.sizeLow, expected, folder.size);
	}
	const map = mapOf(volume, geometry, folder);
	const all: StoredEntry[] = [];
	const seen = new Set<number>();
	for (let block = 0; block < count;) {
		throwIfAborted(signal);
		const run = await map.runAt(block);
		if (run.start === undefined) throw wrong(folder, 'Map', folder.position, `a place for block ${block}`, 'a hole');
		const together = Math.min(run.count, count - block, Math.max(1, pieceLength / blockSize));
		const bytes = await readBytes(volume, run.start * blockSize, together * blockSize);
		for (let i = 0; i < together; i++) {
			const place = run.start + i;
			const position = place * blockSize;
			// Holds a map that leads to the same blocks again and again to what the volume really has.
			if (seen.has(place)) throw wrong(folder, 'Map', position, 'each block once', `block ${place} again`);
			seen.add(place);
			const content = bytes.subarray(i * blockSize, (i + 1) * blockSize);
			const first = block + i === 0;
			verifyDirectoryBlock(geometry, folder, content, first, position);
			const entries = parseEntries(folder, content, position);
			for (const entry of first ? withoutDots(folder, entries, position) : entries) all.push(entry);
		}
		block += together;
	}
	return all;
}

/** Every folder begins with the entry `.`, which leads to itself, and `..`. */
function withoutDots(folder: Inode, entries: readonly StoredEntry[], position: number): readonly StoredEntry[] {
	const self = entries[0];
	if (self === undefined || !isDots(self.name, 1) || self.inode !== folder.number) {
		const found = self === undefined ? 'no entry' : `an entry for inode ${self.inode}`;
		throw wrong(folder, 'First entry', position, `"." for inode ${folder.number}`, found);
	}
	const above = entries[1];
	return entries.slice(above !== undefined && isDots(above.name, 2) ? 2 : 1);
}

function isDots(name: Uint8Array, count: number): boolean {
	return name.length === count && name.every((byte) => byte === 0x2e);
}

function wrong(folder: Inode, what: string, at: number, expected: string, found: string | number): Error {
	return damaged('structure-damaged', `${what} of folder inode ${folder.number}`, at, expected, found);
}
