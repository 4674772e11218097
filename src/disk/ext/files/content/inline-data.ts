import { damaged } from '../../../../base/errors.ts';
import { AttributeEntry, attributeMagic } from '../file-structures.ts';
import type { Inode } from '../inode.ts';

/** `EXT4_XATTR_INDEX_SYSTEM`; the name that follows is `data`. */
const systemIndex = 7;
const dataName = 'data';

/** Bytes of the magic number before the entries. */
const headerSize = 4;

/**
 * What an inode with inline data holds: its 60 bytes, and behind them the value of the attribute `system.data`, which
 * lies in the inode too. May be shorter or longer than the file.
 * @throws AfterimageError `structure-damaged`
 */
export function inlineData(inode: Inode): Uint8Array {
	const more = systemData(inode);
	const whole = new Uint8Array(inode.block.length + more.length);
	whole.set(inode.block);
	whole.set(more, inode.block.length);
	return whole;
}

function systemData(inode: Inode): Uint8Array {
	const { tail } = inode;
	const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
	if (tail.length < headerSize + AttributeEntry.size || view.getUint32(0, true) !== attributeMagic)
		return new Uint8Array(0);
	for (let at = headerSize; at + 4 <= tail.length && view.getUint32(at, true) !== 0;) {
		const entry = new AttributeEntry(tail, at);
		const nameEnd = at + AttributeEntry.size + entry.nameLength;
		if (nameEnd > tail.length) {
			const what = `Name of an attribute of inode ${inode.number}`;
			throw damaged('structure-damaged', what, inode.tailPosition + at, `up to byte ${tail.length}`, nameEnd);
		}
		const name = String.fromCharCode(...tail.subarray(at + AttributeEntry.size, nameEnd));
		if (entry.nameIndex === systemIndex && name === dataName) {
			const start = headerSize + entry.valueOffset;
			const end = start + entry.valueSize;
			if (entry.valueInode !== 0 || end > tail.length) {
				const what = `Attribute system.data of inode ${inode.number}`;
				const expected = `within the inode, up to byte ${tail.length}`;
				const found = entry.valueInode !== 0 ? `inode ${entry.valueInode}` : `up to byte ${end}`;
				throw damaged('structure-damaged', what, inode.tailPosition + at, expected, found);
			}
			return tail.subarray(start, end);
		}
		at = Math.ceil(nameEnd / 4) * 4;
	}
	return new Uint8Array(0);
}
