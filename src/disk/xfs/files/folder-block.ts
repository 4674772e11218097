import { damaged } from '../../../base/errors.ts';
import { isDots, type FolderEntry } from './folder-entry.ts';
import type { Geometry } from '../geometry.ts';
import { checkSelfDescription } from '../self-describing.ts';
import { FolderBlock, folderHeader4, magic } from '../structures.ts';

/** Inode number and length of the name; the name, the kind where there are kinds, and two bytes of tag follow. */
const entryHeader = 9;
const tagSize = 2;
const alignment = 8;
/** Stands where the inode number would begin, in what is free. */
const freeTag = 0xffff;

/** A folder of one block has its hash table behind the entries: places of 8 bytes, then their number and one more. */
const tailSize = 8;
const placeSize = 8;

/** A block of a folder, and where it was found. */
interface FoundBlock {
	readonly bytes: Uint8Array;
	/** Byte of the partition where it begins. */
	readonly at: number;
	/** The folder's inode. */
	readonly owner: number;
	/** Whether it is the folder's first: that one alone may be of the kind that has the hash table within. */
	readonly first: boolean;
}

/**
 * Adds the entries of one block of a folder to `entries`, those for the folder itself and its parent excepted.
 * @throws AfterimageError `structure-damaged` when entries and free pieces do not fill the block exactly
 */
export function blockEntries(geometry: Geometry, block: FoundBlock, entries: FolderEntry[]): void {
	const { bytes, at, owner, first } = block;
	const isVersion5 = geometry.volume.version === 5;
	const what = `XFS folder block of inode ${owner}`;
	const fail = (field: string, expected: string | number, found: string | number) =>
		damaged('structure-damaged', `${what}, ${field}`, at, expected, found);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const found = view.getUint32(0);
	const data = isVersion5 ? magic.folderData : magic.folderData4;
	const whole = first && found === (isVersion5 ? magic.folderBlock : magic.folderBlock4);
	if (!whole && found !== data) throw fail('magic number', data, found);
	if (isVersion5) {
		checkSelfDescription(what, geometry, bytes, FolderBlock.offset.crc, new FolderBlock(bytes), { at, owner });
	}

	let next = isVersion5 ? FolderBlock.size : folderHeader4;
	let end = bytes.length;
	if (whole) {
		const most = Math.floor((end - next - tailSize) / placeSize);
		const places = view.getUint32(end - tailSize);
		if (places > most) throw fail('number of hash values', `at most ${most}`, places);
		end -= tailSize + places * placeSize;
	}
	while (next < end) {
		const place = next;
		// Every piece is a multiple of 8 bytes long, so that 8 are there where one begins.
		if (view.getUint16(place) === freeTag) {
			const length = view.getUint16(place + 2);
			next += length;
			if (length === 0 || length % alignment !== 0 || next > end) {
				throw fail('length of a free piece', `a multiple of ${alignment} within ${end - place} bytes`, length);
			}
		} else {
			if (place + entryHeader > end) throw fail('entry', `${entryHeader} bytes within ${end}`, `byte ${place}`);
			const from = place + entryHeader;
			const to = from + view.getUint8(place + entryHeader - 1);
			const used = to + (geometry.entryKinds ? 1 : 0) + tagSize;
			next = place + Math.ceil((used - place) / alignment) * alignment;
			if (next > end) throw fail('entry', `an end within ${end} bytes`, next);
			const name = bytes.slice(from, to);
			const inode = view.getUint32(place) * 2 ** 32 + view.getUint32(place + 4);
			if (!isDots(name)) entries.push({ name, inode });
		}
		const tag = view.getUint16(next - tagSize);
		if (tag !== place) throw fail('tag', place, tag);
	}
}
