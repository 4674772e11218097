import { throwIfAborted } from '../base/abort.ts';
import type { ByteSource } from '../base/bytes.ts';
import { checkRange } from '../base/bytes.ts';

/** Largest gap that is read along rather than skipped: seeking costs more than this many bytes. */
const gapLimit = 32 * 1024;

/** Longest single read. */
const readLimit = 1024 * 1024;

/** Reads under way at once. */
const parallel = 8;

/**
 * Reads blocks of one size from many places: near neighbours with one request, several requests at a time.
 * The caller bounds memory through the number of offsets; gaps of up to 32 KiB between blocks are read along.
 * @param offsets bytes, in any order
 * @returns the blocks in the order of `offsets`; two of them may share memory
 * @throws AfterimageError `read-error`, `cancelled`
 */
export async function readBlocks(
	source: ByteSource,
	offsets: readonly number[],
	blockSize: number,
	signal?: AbortSignal,
): Promise<Uint8Array[]> {
	for (const offset of offsets) checkRange('Block', offset, blockSize, source.size);
	const order = offsets.map((_, i) => i).sort((a, b) => offsets[a]! - offsets[b]!);
	const blocks = new Array<Uint8Array>(offsets.length);
	let next = 0;

	const worker = async (): Promise<void> => {
		while (next < order.length) {
			throwIfAborted(signal);
			const from = next;
			const start = offsets[order[from]!]!;
			let end = start + blockSize;
			for (next++; next < order.length; next++) {
				const offset = offsets[order[next]!]!;
				if (offset - end > gapLimit || offset + blockSize - start > readLimit) break;
				end = offset + blockSize;
			}
			const to = next;
			const bytes = new Uint8Array(end - start);
			await source.read(start, bytes);
			for (let i = from; i < to; i++) {
				const at = offsets[order[i]!]! - start;
				blocks[order[i]!] = bytes.subarray(at, at + blockSize);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(parallel, offsets.length) }, worker));
	return blocks;
}
