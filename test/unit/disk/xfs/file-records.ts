/** Writers of what an inode and a folder of XFS hold, as the kernel writes it: every number big-endian. */

export interface Extent {
	readonly start: number;
	readonly block: number;
	readonly count: number;
	readonly unwritten?: boolean;
}

/** Writes an extent record. */
export function putExtent(bytes: Uint8Array, at: number, { start, block, count, unwritten }: Extent): void {
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	const high = (unwritten ? 1n << 63n : 0n) | (BigInt(start) << 9n) | (BigInt(block) >> 43n);
	view.setBigUint64(at, high);
	view.setBigUint64(at + 8, ((BigInt(block) & ((1n << 43n) - 1n)) << 21n) | BigInt(count));
}

export interface Entry {
	readonly name: string | Uint8Array;
	readonly inode: number;
}

const nameBytes = ({ name }: Entry) => (typeof name === 'string' ? Buffer.from(name) : name);

/**
 * Writes the entries of a folder that lies in its inode.
 * @param parent number of the inode of the folder above
 * @param kinds whether entries have their kinds
 * @returns its size
 */
export function putShortEntries(
	bytes: Uint8Array,
	at: number,
	parent: number,
	entries: readonly Entry[],
	kinds: boolean,
): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	bytes[at] = entries.length;
	bytes[at + 1] = 0;
	view.setUint32(at + 2, parent);
	let next = at + 6;
	for (const entry of entries) {
		const name = nameBytes(entry);
		bytes[next] = name.length;
		bytes.set(name, next + 3);
		next += 3 + name.length + (kinds ? 1 : 0);
		view.setUint32(next, entry.inode);
		next += 4;
	}
	return next - at;
}

/** Fills a piece of a folder's block with entries and one free piece behind them. */
export function putEntries(
	bytes: Uint8Array,
	block: number,
	from: number,
	to: number,
	entries: readonly Entry[],
	kinds: boolean,
) {
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	let next = from;
	for (const entry of entries) {
		const name = nameBytes(entry);
		view.setBigUint64(next, BigInt(entry.inode));
		bytes[next + 8] = name.length;
		bytes.set(name, next + 9);
		const end = next + Math.ceil((9 + name.length + (kinds ? 1 : 0) + 2) / 8) * 8;
		view.setUint16(end - 2, next - block);
		next = end;
	}
	view.setUint16(next, 0xffff);
	view.setUint16(next + 2, to - next);
	view.setUint16(to - 2, next - block);
}
