import { throwIfAborted } from '../../base/abort.ts';
import { cycleAt, type LogArea } from './log-area.ts';
import { changesSuperblockOnly, isUnmountRecord } from './log-operations.ts';
import { logEntry, recordBody, recordIntact, type LogEntry } from './log-record.ts';
import { basicBlock, magic } from './structures.ts';
import type { XfsVolume } from './superblock.ts';

/**
 * What the log says about the rest of the metadata:
 * - `clean`: the file system was unmounted, or its log was never written;
 * - `covered`: only the superblock is to be replayed. So a freeze leaves it, and so an idle mounted volume may look;
 * - `dirty`: changes to other metadata are to be replayed, or the end of the log cannot be told for certain.
 */
export type LogState = 'clean' | 'covered' | 'dirty';

/** Log writes under way at once are at most 8 buffers of 256 KiB with 8 header blocks each; torn ones lie within this. */
const window = 8 * (512 + 8);

/**
 * Finds the head of the log by the cycle numbers of its blocks and looks at the last record before it, as recovery in
 * Linux (`xlog_find_tail`) does. What recovery would mend (holes, torn records) counts as dirty.
 */
export async function logState(log: LogArea, volume: XfsVolume, signal?: AbortSignal): Promise<LogState> {
	const cycle = async (block: number) => {
		throwIfAborted(signal);
		return cycleAt(await log.read(block, 1), 0);
	};
	const first = await cycle(0);
	const last = await cycle(log.length - 1);
	if (first === 0) return last === 0 ? 'clean' : 'dirty';
	if (last !== first && last !== first - 1) return 'dirty';

	let head = log.length;
	if (last !== first) {
		let low = 0;
		head = log.length - 1;
		while (head - low > 1) {
			const middle = Math.floor((low + head) / 2);
			if ((await cycle(middle)) === first) low = middle;
			else head = middle;
		}
	}
	// What clears a log (xfs_repair -L, xfs_admin -U, xfs_copy) leaves blocks of no cycle behind its one record.
	const isOlder = (found: number) => found === last || found === 0;
	// The piece ends at the head and begins where the oldest write that could still have been under way began.
	const span = Math.min(window, log.length);
	const piece = await log.read((head - span + log.length) % log.length, span);
	for (let i = 0; i < span; i++) {
		const found = cycleAt(piece, i * basicBlock);
		if (head - span + i < 0 ? !isOlder(found) : found !== first) return 'dirty';
	}
	const behind = Math.min(window, log.length - head);
	const after = await log.read(head, behind);
	for (let i = 0; i < behind; i++) if (!isOlder(cycleAt(after, i * basicBlock))) return 'dirty';

	const entry = lastEntry(piece, span);
	if (entry === undefined || !recordIntact(piece, entry)) return 'dirty';
	if (isUnmountRecord(recordBody(piece, entry), entry.header.numLogops)) return 'clean';
	const position = (head - span + entry.start + log.length) % log.length;
	const back = (position - entry.header.tailBlock + log.length) % log.length;
	return isCovered(piece, entry.start - back, span, volume) ? 'covered' : 'dirty';
}

/** The record that ends with the piece. */
function lastEntry(piece: Uint8Array, span: number): LogEntry | undefined {
	const view = new DataView(piece.buffer, piece.byteOffset, piece.length);
	for (let block = span - 1; block >= 0; block--) {
		if (view.getUint32(block * basicBlock) !== magic.logRecord) continue;
		const entry = logEntry(piece, block);
		return entry?.end === span ? entry : undefined;
	}
	return undefined;
}

/** Whether all records from the tail, the block `from` of the piece, to its end change the superblock alone. */
function isCovered(piece: Uint8Array, from: number, span: number, { sb }: XfsVolume): boolean {
	if (from < 0) return false;
	for (let block = from; block < span;) {
		const entry = logEntry(piece, block);
		if (entry === undefined || !recordIntact(piece, entry)) return false;
		if (!changesSuperblockOnly(recordBody(piece, entry), entry.header.numLogops, sb.sectsize)) return false;
		block = entry.end;
	}
	return true;
}
