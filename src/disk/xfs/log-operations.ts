import { basicBlock } from './structures.ts';

/** Header of an operation in a log record: transaction (4 bytes), length (4), client (1), flags (1), reserved (2). */
const operationHeader = 12;

const flag = { start: 0x01, commit: 0x02, unmount: 0x20 } as const;

/** Bytes of a transaction header and of the shortest description of a logged buffer with one word of dirty map. */
const transactionHeader = 16;
const bufferFormat = 24;
/** `XFS_TRANS_HEADER_MAGIC` and `XFS_LI_BUF`, both in the byte order of the machine that wrote the log. */
const transactionMagic = 0x5452414e;
const bufferItem = 0x123c;

interface Operation {
	readonly flags: number;
	readonly start: number;
	readonly length: number;
}

/** The operations of a record's body, or undefined when they do not fit it. */
function operations(body: Uint8Array, count: number): Operation[] | undefined {
	const view = new DataView(body.buffer, body.byteOffset, body.length);
	const found: Operation[] = [];
	let at = 0;
	for (let i = 0; i < count; i++) {
		if (at + operationHeader > body.length) return undefined;
		const length = view.getUint32(at + 4);
		if (at + operationHeader + length > body.length) return undefined;
		found.push({ flags: view.getUint8(at + 9), start: at + operationHeader, length });
		at += operationHeader + length;
	}
	return found;
}

/** Whether the record says that the file system was unmounted. */
export function isUnmountRecord(body: Uint8Array, count: number): boolean {
	const [only] = operations(body, count) ?? [];
	return count === 1 && only !== undefined && (only.flags & flag.unmount) !== 0;
}

/**
 * Whether the record holds nothing but changes to the primary superblock, in whole transactions. That is what "covering"
 * the log leaves behind once all other metadata has reached its place: replaying it touches no other block.
 */
export function changesSuperblockOnly(body: Uint8Array, count: number, sectorSize: number): boolean {
	const list = operations(body, count);
	if (list === undefined) return false;
	const view = new DataView(body.buffer, body.byteOffset, body.length);
	for (let i = 0; i < list.length;) {
		const [begin, head] = [list[i], list[i + 1]];
		if (begin?.flags !== flag.start || begin.length !== 0) return false;
		if (head?.flags !== 0 || head.length !== transactionHeader) return false;
		const little = view.getUint32(head.start, true) === transactionMagic;
		if (view.getUint32(head.start, little) !== transactionMagic) return false;
		i += 2;
		while (list[i]?.flags === 0) {
			const item = list[i]!;
			if (item.length < bufferFormat || view.getUint16(item.start, little) !== bufferItem) return false;
			const regions = view.getUint16(item.start + 2, little);
			const blocks = view.getUint16(item.start + 6, little);
			if (regions < 1 || view.getBigUint64(item.start + 8, little) !== 0n) return false;
			if (blocks * basicBlock > sectorSize) return false;
			for (let region = 1; region < regions; region++) if (list[i + region]?.flags !== 0) return false;
			i += regions;
		}
		if (list[i]?.flags !== flag.commit) return false;
		i++;
	}
	return true;
}
