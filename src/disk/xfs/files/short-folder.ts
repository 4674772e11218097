import { damaged } from '../../../base/errors.ts';
import type { FolderEntry } from './folder-entry.ts';
import type { Geometry } from '../geometry.ts';
import type { Inode } from './inode.ts';

/** Number of entries, and number of those whose inode needs 8 bytes; the parent's inode follows. */
const header = 2;
/** Length of the name, and the place that the entry would have in a block. */
const entryHeader = 3;

/**
 * The entries of a folder that lies in its inode. They stand one after the other without gaps, and end where the inode
 * says that the folder ends. Neither the folder itself nor its parent is among them.
 * @throws AfterimageError `structure-damaged`
 */
export function shortEntries({ entryKinds }: Geometry, { number, at, fork, size }: Inode): FolderEntry[] {
	const fail = (field: string, expected: string | number, found: string | number) =>
		damaged('structure-damaged', `XFS folder in inode ${number}, ${field}`, at, expected, found);
	if (size > fork.length || size < header + 4) throw fail('size', `${header + 4} to ${fork.length} bytes`, size);
	const view = new DataView(fork.buffer, fork.byteOffset, size);
	const count = view.getUint8(0);
	const numberSize = view.getUint8(1) === 0 ? 4 : 8;
	const entries: FolderEntry[] = [];
	let next = header + numberSize;
	for (let i = 0; i < count; i++) {
		if (next + entryHeader > size) throw fail('entry', `${entryHeader} bytes within ${size}`, `byte ${next}`);
		const from = next + entryHeader;
		const to = from + view.getUint8(next);
		const where = to + (entryKinds ? 1 : 0);
		next = where + numberSize;
		if (next > size) throw fail('entry', `an end within ${size} bytes`, next);
		const low = view.getUint32(next - 4);
		const high = numberSize === 8 ? view.getUint32(where) : 0;
		entries.push({ name: fork.slice(from, to), inode: high * 2 ** 32 + low });
	}
	if (next !== size) throw fail('end of the entries', size, next);
	return entries;
}
