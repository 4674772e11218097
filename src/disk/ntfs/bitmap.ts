import { throwIfAborted } from '../../base/abort.ts';
import type { ByteSource } from '../../base/bytes.ts';

const pieceBytes = 1024 * 1024;

/**
 * Finds the runs of set bits in $Bitmap, in order; each call of `onUsed` gets a whole run, `end` exclusive. Bit n of the
 * bitmap, least significant first, is cluster n. Bits behind the last cluster are ignored.
 * @param bitmap at least one bit for every cluster
 * @throws AfterimageError `cancelled`, and what `onUsed` throws
 */
export async function scanBitmap(
	bitmap: ByteSource,
	totalClusters: number,
	onUsed: (first: number, end: number) => void,
	signal: AbortSignal | undefined,
): Promise<void> {
	const total = Math.ceil(totalClusters / 8);
	const piece = new Uint8Array(Math.min(pieceBytes, Math.ceil(total / 4) * 4));
	// Every platform that Node runs on is little-endian, like NTFS.
	const words = new Uint32Array(piece.buffer);
	let runStart = -1;
	for (let offset = 0; offset < total; offset += pieceBytes) {
		throwIfAborted(signal);
		const length = Math.min(pieceBytes, total - offset);
		await bitmap.read(offset, piece.subarray(0, length));
		const count = Math.ceil(length / 4);
		for (let i = 0; i < count; i++) {
			const base = (offset + i * 4) * 8;
			let word = words[i]!;
			if (totalClusters - base < 32) word &= 2 ** (totalClusters - base) - 1;
			// A word without a change of state: most of them, on most volumes.
			if (word === (runStart < 0 ? 0 : 0xffff_ffff)) continue;
			for (let bit = 0; bit < 32; bit++) {
				const rest = (runStart < 0 ? word : ~word) >>> bit;
				if (rest === 0) break;
				bit += 31 - Math.clz32(rest & -rest);
				if (runStart < 0) {
					runStart = base + bit;
				} else {
					onUsed(runStart, base + bit);
					runStart = -1;
				}
			}
		}
	}
	if (runStart >= 0) onUsed(runStart, totalClusters);
}
