import { damaged } from '../../../../base/errors.ts';
import { attributeFlag, type StoredAttribute } from './stored-attribute.ts';
import type { Inode } from '../inode.ts';

/** Length and number of the entries; then each has the lengths of name and value, and flags, before these. */
const headerSize = 4;
const entryHeader = 3;

/** The attributes that an inode has within. @throws AfterimageError `structure-damaged` */
export function shortAttributes({ number, at }: Inode, fork: Uint8Array): StoredAttribute[] {
	const fail = (field: string, expected: string, found: string | number) =>
		damaged('structure-damaged', `XFS attributes of inode ${number}, ${field}`, at, expected, found);
	if (fork.length < headerSize) throw fail('header', `${headerSize} bytes`, fork.length);
	const view = new DataView(fork.buffer, fork.byteOffset, fork.length);
	const end = view.getUint16(0);
	if (end > fork.length) throw fail('length', `at most ${fork.length}`, end);
	const stored: StoredAttribute[] = [];
	let next = headerSize;
	for (let count = view.getUint8(2); count > 0; count--) {
		if (next + entryHeader > end) throw fail('entry', `${entryHeader} bytes within ${end}`, `byte ${next}`);
		const from = next + entryHeader;
		const nameEnd = from + view.getUint8(next);
		const flags = view.getUint8(next + 2) | attributeFlag.local;
		const valueEnd = nameEnd + view.getUint8(next + 1);
		if (valueEnd > end) throw fail('entry', `an end within ${end}`, valueEnd);
		stored.push({ flags, name: fork.subarray(from, nameEnd), value: fork.subarray(nameEnd, valueEnd), at });
		next = valueEnd;
	}
	return stored;
}
