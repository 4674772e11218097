import { crc32c } from '../crc32c.ts';
import { basicBlock, LogRecord, magic } from './structures.ts';

/** Bytes of the body whose cycle words one header block holds (`XLOG_HEADER_CYCLE_SIZE`). */
const bodyPerHeader = 32 * 1024;
const blocksPerHeader = bodyPerHeader / basicBlock;

/** Longest body: the largest log buffer that Linux and mkfs.xfs know is 256 KiB. */
const maxBody = 256 * 1024;

/** Log header sizes that enter the checksum: the C structure is padded to 8 bytes on 64-bit machines. */
const headerSizes = [328, 324] as const;

/** A record of the log as found in a piece of it that has been read; `start` counts basic blocks in that piece. */
export interface LogEntry {
	readonly header: InstanceType<typeof LogRecord>;
	readonly start: number;
	readonly headerBlocks: number;
	readonly bodyBlocks: number;
	/** One past its last basic block. */
	readonly end: number;
}

/** The record whose header is the basic block `start` of `piece`; undefined when no whole record of sane size is there. */
export function logEntry(piece: Uint8Array, start: number): LogEntry | undefined {
	if ((start + 1) * basicBlock > piece.length) return undefined;
	const header = new LogRecord(piece, start * basicBlock);
	if (header.magicno !== magic.logRecord || header.len > maxBody || header.size > maxBody) return undefined;
	const headerBlocks = (header.version & 2) !== 0 ? Math.max(1, Math.ceil(header.size / bodyPerHeader)) : 1;
	const bodyBlocks = Math.ceil(header.len / basicBlock);
	const end = start + headerBlocks + bodyBlocks;
	if (bodyBlocks > headerBlocks * blocksPerHeader || end * basicBlock > piece.length) return undefined;
	return { header, start, headerBlocks, bodyBlocks, end };
}

/** Whether the record's CRC-32C is right. A record without one (version 4, and the one that mkfs.xfs writes) passes. */
export function recordIntact(piece: Uint8Array, entry: LogEntry): boolean {
	const { header } = entry;
	if (header.crc === 0) return true;
	return headerSizes.some((size) => {
		const at = LogRecord.offset.crc;
		let crc = crc32c(0xffffffff, header.bytes, 0, at);
		crc = crc32c(crc, new Uint8Array(4));
		crc = crc32c(crc, header.bytes, at + 4, size);
		const extensions = Math.ceil(header.len / bodyPerHeader);
		for (let i = 1; i < extensions; i++) {
			const from = (entry.start + i) * basicBlock;
			crc = crc32c(crc, piece, from, from + 4 + 4 * blocksPerHeader);
		}
		const body = (entry.start + entry.headerBlocks) * basicBlock;
		return (crc32c(crc, piece, body, body + header.len) ^ 0xffffffff) >>> 0 === header.crc;
	});
}

/** A copy of the record's body with the words put back that the cycle numbers replaced. */
export function recordBody(piece: Uint8Array, entry: LogEntry): Uint8Array {
	const from = (entry.start + entry.headerBlocks) * basicBlock;
	const body = piece.slice(from, from + entry.bodyBlocks * basicBlock);
	for (let block = 0; block < entry.bodyBlocks; block++) {
		const extension = Math.floor(block / blocksPerHeader);
		const words = (entry.start + extension) * basicBlock + (extension === 0 ? LogRecord.offset.cycleData : 4);
		const at = words + 4 * (block % blocksPerHeader);
		body.set(piece.subarray(at, at + 4), block * basicBlock);
	}
	return body;
}
